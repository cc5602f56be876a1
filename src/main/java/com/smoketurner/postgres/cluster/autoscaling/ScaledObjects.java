package com.smoketurner.postgres.cluster.autoscaling;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.ScalingSpec;
import com.smoketurner.postgres.cluster.desired.MonitoringSecret;
import com.smoketurner.postgres.cluster.desired.Ports;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.Keda;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** KEDA's objects of a cluster. */
final class ScaledObjects {

    /** Where the spec names no trigger. */
    static final int DEFAULT_CPU = 70;

    private static final int PERIOD = 60;
    private static final int MEMBERS_PER_PERIOD = 2;
    private static final String DISABLED = "Disabled";

    private ScaledObjects() {}

    /** {@code <c>-scaledobject}: scales the StatefulSet of the members. */
    static GenericKubernetesResource scaledObject(PostgresCluster cluster, ScaleLimits limits) {
        ScalingSpec scaling = cluster.getSpec().scalingOrDefault();
        int minimum = cluster.getSpec().minReplicas();
        var metadata = Metadata.of(cluster, Names.of(cluster).scaledObject(), Component.SCALING);
        if (limits.scaleOutPaused()) {
            metadata.setAnnotations(Map.of(Annotations.PAUSED_SCALE_OUT, "true"));
        }
        Map<String, Object> spec = new TreeMap<>();
        spec.put(
                "scaleTargetRef",
                new TreeMap<>(Map.of(
                        "apiVersion", "apps/v1",
                        "kind", "StatefulSet",
                        "name", Names.of(cluster).statefulSet())));
        spec.put("minReplicaCount", minimum);
        // Where the upper bound is lowered, the HorizontalPodAutoscaler goes there at once: not past the primary.
        spec.put("maxReplicaCount", Math.max(scaling.maxReplicasOrDefault(), limits.leader() + 1));
        spec.put("pollingInterval", scaling.pollingIntervalOrDefault());
        spec.put("cooldownPeriod", scaling.cooldownPeriodOrDefault());
        spec.put("advanced", advanced(cluster, limits));
        spec.put("triggers", triggers(cluster, limits));
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(Keda.API_VERSION)
                .withKind(Keda.SCALED_OBJECT)
                .withMetadata(metadata)
                .addToAdditionalProperties("spec", spec)
                .build();
    }

    /** {@code <c>-pg-auth}: the password with which KEDA counts connections. */
    static GenericKubernetesResource authentication(PostgresCluster cluster) {
        Names names = Names.of(cluster);
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(Keda.API_VERSION)
                .withKind(Keda.TRIGGER_AUTHENTICATION)
                .withMetadata(Metadata.of(cluster, names.triggerAuthentication(), Component.SCALING))
                .addToAdditionalProperties(
                        "spec",
                        Map.of(
                                "secretTargetRef",
                                List.of(
                                        secretKey(names, "userName", MonitoringSecret.USERNAME),
                                        secretKey(names, "password", MonitoringSecret.PASSWORD))))
                .build();
    }

    private static Map<String, Object> secretKey(Names names, String parameter, String key) {
        return new TreeMap<>(Map.of("parameter", parameter, "name", names.monitoringSecret(), "key", key));
    }

    /** The CPU trigger of the spec, or the one without which there would be none; null where connections alone count. */
    static @Nullable Integer cpuTarget(PostgresCluster cluster) {
        ScalingSpec scaling = cluster.getSpec().scalingOrDefault();
        Integer cpu = scaling.cpuTarget();
        return cpu != null || scaling.connectionTarget() != null ? cpu : Integer.valueOf(DEFAULT_CPU);
    }

    private static Map<String, Object> advanced(PostgresCluster cluster, ScaleLimits limits) {
        Map<String, Object> advanced = new TreeMap<>();
        advanced.put("restoreToOriginalReplicaCount", false);
        advanced.put("horizontalPodAutoscalerConfig", Map.of("behavior", behavior(cluster, limits)));
        Integer connections = cluster.getSpec().scalingOrDefault().connectionTarget();
        if (connections != null) {
            // The sum of all members, which new members leave as it is (docs/adr/0018).
            advanced.put(
                    "scalingModifiers",
                    new TreeMap<>(Map.of(
                            "formula",
                            limits.measured().stream()
                                    .map(ScaledObjects::trigger)
                                    .collect(Collectors.joining(" + ")),
                            "target",
                            String.valueOf(connections),
                            "metricType",
                            "AverageValue")));
        }
        return advanced;
    }

    /** Besides the annotation, which KEDA knows since 2.18 alone. */
    private static Map<String, Object> behavior(PostgresCluster cluster, ScaleLimits limits) {
        Map<String, Object> up = new TreeMap<>();
        up.put("stabilizationWindowSeconds", PERIOD);
        up.put("selectPolicy", limits.scaleOutPaused() ? DISABLED : "Max");
        up.put("policies", List.of(policy("Pods", MEMBERS_PER_PERIOD), policy("Percent", 100)));
        Map<String, Object> down = new TreeMap<>();
        down.put(
                "stabilizationWindowSeconds",
                cluster.getSpec().scalingOrDefault().scaleDownStabilizationOrDefault());
        down.put("selectPolicy", limits.scaleInPaused(cluster.getSpec().minReplicas()) ? DISABLED : "Max");
        down.put("policies", List.of(policy("Pods", 1)));
        return new TreeMap<>(Map.of("scaleUp", up, "scaleDown", down));
    }

    private static Map<String, Object> policy(String type, int value) {
        return new TreeMap<>(Map.of("type", type, "value", value, "periodSeconds", PERIOD));
    }

    private static List<Map<String, Object>> triggers(PostgresCluster cluster, ScaleLimits limits) {
        List<Map<String, Object>> triggers = new ArrayList<>();
        Integer connections = cluster.getSpec().scalingOrDefault().connectionTarget();
        Integer cpu = cpuTarget(cluster);
        if (cpu != null) {
            triggers.add(cpu(cpu, connections == null));
        }
        if (connections != null) {
            limits.measured().forEach(ordinal -> triggers.add(connections(cluster, ordinal, connections)));
        }
        return triggers;
    }

    /**
     * @param server of the server's container alone; of the whole pod otherwise: beside a formula KEDA drops metrics of containers
     */
    private static Map<String, Object> cpu(int target, boolean server) {
        Map<String, Object> metadata = new TreeMap<>(Map.of("value", String.valueOf(target)));
        if (server) {
            metadata.put("containerName", Member.CONTAINER);
        }
        return new TreeMap<>(Map.of("type", "cpu", "metricType", "Utilization", "metadata", metadata));
    }

    /** One for each member: a server knows of its own connections alone. */
    private static Map<String, Object> connections(PostgresCluster cluster, int ordinal, int target) {
        Names names = Names.of(cluster);
        Map<String, Object> metadata = new TreeMap<>();
        metadata.put("host", names.memberHost(ordinal));
        metadata.put("port", String.valueOf(Ports.POSTGRESQL));
        metadata.put("dbName", MonitoringSecret.DATABASE);
        metadata.put("sslmode", MonitoringSecret.sslMode(cluster));
        metadata.put("query", query(cluster.getSpec().minReplicas(), target));
        metadata.put("targetQueryValue", String.valueOf(target));
        Map<String, Object> trigger = new TreeMap<>();
        trigger.put("type", "postgresql");
        trigger.put("name", trigger(ordinal));
        trigger.put("metricType", "AverageValue");
        trigger.put("useCachedMetrics", true); // Otherwise pollingInterval has no effect.
        trigger.put("authenticationRef", Map.of("name", names.triggerAuthentication()));
        trigger.put("metadata", metadata);
        return trigger;
    }

    private static String trigger(int ordinal) {
        return "member_" + ordinal;
    }

    /**
     * How many clients a member serves: over the network, for Patroni's own sessions and the operator's come over the socket. The primary counts as one member that is fully used, whatever it serves: its clients do
     * not move to replicas. Where it may be the only member there are no other clients to count.
     */
    static String query(int minimum, int target) {
        String count = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                + " AND client_addr IS NOT NULL AND usename IS DISTINCT FROM '" + MonitoringSecret.ROLE + "'";
        return minimum > 1
                ? "SELECT CASE WHEN pg_is_in_recovery() THEN (%s) ELSE %d END".formatted(count, target)
                : count;
    }
}

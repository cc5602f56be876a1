package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * KEDA's objects at an API server with its kinds. No KEDA runs: the test plays its HorizontalPodAutoscaler by {@code kubectl scale} of
 * the StatefulSet.
 */
@ExtendWith(ApiServer.class)
class AutoscalingApiTest {

    private final Namespace ns;

    AutoscalingApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    private JsonNode scaledObject(String cluster) {
        return ns.get("scaledobject", cluster + "-scaledobject");
    }

    private JsonNode awaitScaledObject(String cluster) {
        return Waiting.until(
                "the ScaledObject is there",
                Waiting.SHORT,
                () -> scaledObject(cluster),
                object -> !object.isMissingNode());
    }

    private void awaitNoObjects(String cluster) {
        Waiting.until("the ScaledObject is gone", Waiting.SHORT, () -> scaledObject(cluster), JsonNode::isMissingNode);
        Waiting.until(
                "the TriggerAuthentication is gone",
                Waiting.SHORT,
                () -> ns.get("triggerauthentication", cluster + "-pg-auth"),
                JsonNode::isMissingNode);
    }

    private int members(String cluster) {
        return ns.get("sts", cluster).at("/spec/replicas").asInt();
    }

    private void awaitMembers(Cluster cluster, int count) {
        Waiting.until(
                cluster.name() + " runs with " + count + " members",
                Waiting.SHORT,
                cluster::status,
                status -> status.path("phase").asText().equals("Running")
                        && status.path("replicas").asInt() == count
                        && status.path("readyReplicas").asInt() == count
                        && members(cluster.name()) == count);
    }

    @Test
    @Acceptance({140, 142, 143, 144})
    void theNumberOfMembersIsTheAutoscalers() {
        Manifest manifest = Manifest.cluster("auto")
                .noTls()
                .replicas(3)
                .spec(
                        "scaling",
                        Map.of(
                                "enabled",
                                true,
                                "minReplicas",
                                3,
                                "maxReplicas",
                                10,
                                "cpuTargetUtilization",
                                70,
                                "scaleDownStabilization",
                                600));
        Cluster cluster = ns.apply(manifest).awaitPhase("Running");
        JsonNode spec = awaitScaledObject("auto").path("spec");
        assertThat(spec.path("minReplicaCount").asInt()).isEqualTo(3);
        assertThat(spec.path("maxReplicaCount").asInt()).isEqualTo(10);
        assertThat(spec.at("/triggers/0/type").asText()).isEqualTo("cpu");
        assertThat(spec.at("/triggers/0/metadata/value").asText()).isEqualTo("70");
        assertThat(spec.at("/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/stabilizationWindowSeconds")
                        .asInt())
                .isEqualTo(600);
        assertThat(ns.list("scaledobject", Project.GROUP + "/cluster=auto")).hasSize(1);
        // Nobody measures CPU where there are no nodes.
        cluster.awaitCondition("AutoscalingActive", "False", "MetricsServerNotAvailable");
        assertThat(cluster.eventCount("MetricsServerNotAvailable")).isEqualTo(1);

        try (var phases = new PhaseWatch(cluster)) {
            ns.kubectl("scale", "sts", "auto", "--replicas=6").orThrow();
            awaitMembers(cluster, 6);
            Waiting.untilAsserted(
                    "the phases are seen",
                    Waiting.SHORT,
                    () -> assertThat(phases.seen()).endsWith("Scaling", "Running"));
        }
        assertThat(ns.get("pdb", "auto-pdb").at("/spec/minAvailable").asInt()).isEqualTo(5);

        for (int time = 0; time < 10; time++) {
            ns.apply(manifest);
        }
        // A change that the operator answers with an apply of the StatefulSet.
        ns.apply(manifest.spec("labels", Map.of("team", "platform")));
        Waiting.until(
                "the label is there",
                Waiting.SHORT,
                () -> ns.get("sts", "auto").at("/metadata/labels/team").asText(),
                "platform"::equals);
        awaitMembers(cluster, 6);
        ns.kubectl("scale", "pgc", "auto", "--replicas=4").orThrow();
        Waiting.until(
                "the other lower bound is not the autoscaler's",
                Waiting.SHORT,
                () -> cluster.status().path("observedGeneration").asLong(),
                seen -> seen == cluster.json().at("/metadata/generation").asLong());
        assertThat(members("auto")).isEqualTo(6);

        cluster.patch("{\"spec\":{\"replicas\":3,\"scaling\":null}}");
        awaitNoObjects("auto");
        awaitMembers(cluster, 3);
        cluster.awaitCondition("AutoscalingActive", "False", "ScalingDisabled");
    }

    @Test
    @Acceptance({141, 144})
    void byConnections() {
        Cluster cluster = ns.apply(Manifest.cluster("counted")
                        .noTls()
                        .replicas(3)
                        .spec("networkPolicy", Map.of("enabled", true))
                        .spec(
                                "scaling",
                                Map.of(
                                        "enabled",
                                        true,
                                        "minReplicas",
                                        3,
                                        "maxReplicas",
                                        15,
                                        "connectionThreshold",
                                        100,
                                        "pollingInterval",
                                        15)))
                .awaitPhase("Running");
        JsonNode spec = Waiting.until(
                "every member is measured",
                Waiting.SHORT,
                () -> scaledObject("counted").path("spec"),
                found -> found.path("triggers").size() == 3);
        assertThat(spec.path("pollingInterval").asInt()).isEqualTo(15);
        for (JsonNode trigger : spec.path("triggers")) {
            assertThat(trigger.path("type").asText()).isEqualTo("postgresql");
            assertThat(trigger.at("/metadata/targetQueryValue").asText()).isEqualTo("100");
            assertThat(trigger.at("/authenticationRef/name").asText()).isEqualTo("counted-pg-auth");
        }
        assertThat(ns.get("triggerauthentication", "counted-pg-auth")
                        .at("/spec/secretTargetRef/0/name")
                        .asText())
                .isEqualTo("counted-monitoring");
        assertThat(ns.secret("counted-monitoring", "connection-string"))
                .matches(
                        "postgresql://postgres_operator_monitor:.+@counted-repl\\..+\\.svc:5432/postgres\\?sslmode=disable");
        assertThat(ns.get("networkpolicy", "counted-network-policy")
                        .path("spec")
                        .path("ingress")
                        .findValuesAsText("kubernetes.io/metadata.name"))
                .contains("keda");
        cluster.awaitCondition("AutoscalingActive", "True", "ScaledObjectApplied");

        cluster.patch("{\"spec\":{\"scaling\":{\"maxReplicas\":3}}}");
        awaitNoObjects("counted");
        cluster.awaitCondition("AutoscalingActive", "False", "NoHeadroom");
        Waiting.until(
                "nobody needs the role any more",
                Waiting.SHORT,
                () -> ns.get("secret", "counted-monitoring"),
                JsonNode::isMissingNode);
    }

    /** What somebody else has called so is left alone. */
    @Test
    void aScaledObjectOfSomebodyElse() {
        ns.apply("""
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: taken-scaledobject}
                spec:
                  scaleTargetRef: {name: other}
                  triggers: [{type: cron, metadata: {timezone: UTC, start: 0 6 * * *, end: 0 8 * * *, desiredReplicas: "2"}}]
                """);
        Cluster cluster = ns.apply(
                Manifest.cluster("taken").noTls().spec("scaling", Map.of("enabled", true, "connectionThreshold", 10)));
        cluster.awaitCondition("ConfigurationValid", "False", "ResourceConflict");
        assertThat(scaledObject("taken").at("/spec/scaleTargetRef/name").asText())
                .isEqualTo("other");
        assertThat(ns.list("scaledobject", Project.GROUP + "/cluster=taken")).isEqualTo(List.of());
    }
}

package com.smoketurner.postgres.ops;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.IssuerRef;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresUpgrade;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.ClusterGauges;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.network.ControlPlane;
import com.smoketurner.postgres.cluster.run.Timeouts;
import com.smoketurner.postgres.cluster.step.ImageRollouts;
import com.smoketurner.postgres.database.DatabaseRights;
import com.smoketurner.postgres.kube.ApiServer;
import com.smoketurner.postgres.kube.ClusterReads;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.Namespaces;
import com.smoketurner.postgres.kube.cache.ClientJson;
import com.smoketurner.postgres.kube.exec.PodConnector;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.patroni.MemberRoutes;
import com.smoketurner.postgres.patroni.PatroniClient;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.VersionInfo;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapper;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the beans that know nothing of the operator's configuration, from it. */
final class Wiring {

    /** Set by the kubelet in every container. */
    private static final String KUBERNETES_SERVICE = "KUBERNETES_SERVICE_HOST";

    /** The first release whose kubelets resize pods in place without a feature gate. */
    private static final int RESIZE_MINOR = 35;

    /** One image with the binaries of every supported major version. */
    private static final String DEFAULT_IMAGE = "ghcr.io/zalando/spilo-18:4.1-p2";

    private static final String DEFAULT_EXPORTER_IMAGE = "quay.io/prometheuscommunity/postgres-exporter:v0.17.1";

    private static final String DEFAULT_POOLER_IMAGE = "docker.io/edoburu/pgbouncer:v1.25.2-p0";

    private Wiring() {}

    @Produces
    @Singleton
    static ClusterReads clusterReads(OperatorConfig config, KubernetesClient client) {
        return ClusterReads.of(client, config.watchNamespaces().orElse(Set.of()));
    }

    @Produces
    @Singleton
    static Settings settings(OperatorConfig config, KubernetesClient client, ClusterReads reads) {
        Map<String, String> images = new TreeMap<>();
        images.put("15", config.image15().orElse(DEFAULT_IMAGE));
        images.put("16", config.image16().orElse(DEFAULT_IMAGE));
        images.put("17", config.image17().orElse(DEFAULT_IMAGE));
        images.put("18", config.image18().orElse(DEFAULT_IMAGE));
        return new Settings(
                new TreeMap<>(images),
                config.imageExporter().orElse(DEFAULT_EXPORTER_IMAGE),
                config.imagePgbouncer().orElse(DEFAULT_POOLER_IMAGE),
                config.imageUid(),
                config.imageGid(),
                config.clusterDomain(),
                issuer(config.defaultIssuer()),
                config.backupEngine(),
                Namespaces.kubernetesId(client, reads).orElse(""),
                resizes(config, client));
    }

    @Produces
    @Singleton
    static ControlPlane controlPlane(OperatorConfig config, KubernetesClient client, ClusterReads reads) {
        return new ControlPlane(
                config.podNamespace().orElse(null), config.kedaNamespace(), ApiServer.ports(client, reads));
    }

    private static @Nullable IssuerRef issuer(Optional<String> reference) {
        return reference
                .map(text -> text.split("/", 2))
                .map(parts -> new IssuerRef(parts[1], parts[0], null))
                .orElse(null);
    }

    private static boolean resizes(OperatorConfig config, KubernetesClient client) {
        if (!"auto".equals(config.inPlaceResize())) {
            return Boolean.parseBoolean(config.inPlaceResize());
        }
        VersionInfo version = client.getKubernetesVersion();
        return version != null
                && version.getMinor() != null
                && Integer.parseInt(version.getMinor().replaceAll("\\D.*", "")) >= RESIZE_MINOR;
    }

    @Produces
    @Singleton
    static Timeouts timeouts(OperatorConfig config) {
        return new Timeouts(
                config.creationTimeout(),
                config.primaryUnavailableTimeout(),
                config.noPrimaryAfter(),
                config.degradedAfter(),
                config.stuckChangeTimeout(),
                config.deletionTimeout(),
                Duration.ofSeconds(config.resyncSeconds()));
    }

    @Produces
    @Singleton
    static ImageRollouts imageRollouts(OperatorConfig config) {
        return new ImageRollouts(config.maxConcurrentImageRollouts());
    }

    @Produces
    @Singleton
    static EventRecorder events(OperatorConfig config, KubernetesClient client) {
        return new EventRecorder(client, config.podName().orElse(ApiGroup.OPERATOR));
    }

    @Produces
    @Singleton
    static KubernetesSerialization json(@KubernetesClientObjectMapper ObjectMapper mapper) {
        return ClientJson.of(mapper, List.of(PostgresCluster.class, PostgresDatabase.class, PostgresUpgrade.class));
    }

    @Produces
    @Singleton
    static DatabaseRights databaseRights(OperatorConfig config) {
        return new DatabaseRights(config.allowPrivilegedRoles());
    }

    @Produces
    @Singleton
    static PodExec exec(KubernetesClient client) {
        return new PodExec(client);
    }

    @Produces
    @Singleton
    static PatroniClient patroni(OperatorConfig config, KubernetesClient client) {
        boolean inside = System.getenv(KUBERNETES_SERVICE) != null;
        PodConnector.Mode mode = connectMode(config.connectMode(), inside);
        PodConnector pods = new PodConnector(client, mode);
        return new PatroniClient((namespace, pod, dnsName, port) -> {
            PodConnector.Route route = pods.open(namespace, pod, dnsName, port);
            return new MemberRoutes.Route(route.host(), route.port(), route::close);
        });
    }

    /** From inside the cluster members are a DNS name away; from outside the API server forwards. */
    static PodConnector.Mode connectMode(String configured, boolean inside) {
        return switch (configured) {
            case "direct" -> PodConnector.Mode.DIRECT;
            case "port-forward" -> PodConnector.Mode.PORT_FORWARD;
            case "exec" -> PodConnector.Mode.EXEC;
            case "auto" -> inside ? PodConnector.Mode.DIRECT : PodConnector.Mode.PORT_FORWARD;
            default -> throw new IllegalArgumentException("no such connect mode: " + configured);
        };
    }

    @Produces
    @Singleton
    static Clock clock() {
        return Clock.systemUTC();
    }

    /** Where there is one registry without the composite of all, which doubles the memory of each series. */
    @Produces
    @Singleton
    static ClusterMetrics clusterMetrics(MeterRegistry all) {
        return new ClusterMetrics(
                all instanceof CompositeMeterRegistry composite
                                && composite.getRegistries().size() == 1
                        ? composite.getRegistries().iterator().next()
                        : all);
    }

    /** Without a destination nothing is to be shown, because nothing is to be taken. */
    static ClusterMetrics.Backups backups(PostgresClusterStatus status) {
        BackupStatus backup = status.backup();
        Optional<Condition> condition = status.conditions().stream()
                .filter(shown -> shown.type().equals(ConditionType.BACKUP_HEALTHY.label()))
                .filter(shown -> !shown.reason().equals(Reason.BACKUP_NOT_CONFIGURED.label()))
                .findFirst();
        return new ClusterMetrics.Backups(
                backup == null || backup.lastBackupTime() == null
                        ? null
                        : Instant.parse(backup.lastBackupTime()).getEpochSecond(),
                backup == null ? null : backup.walArchivingHealthy(),
                condition.map(shown -> shown.status().equals("True")).orElse(null),
                condition
                        .map(shown -> shown.reason().equals(Reason.BACKUP_OVERDUE.label()))
                        .orElse(null));
    }

    @Produces
    @Singleton
    static ClusterGauges gauges(ClusterMetrics metrics, ReconcileMetrics reconciliations) {
        return new ClusterGauges() {
            @Override
            public void update(PostgresCluster cluster, PostgresClusterStatus status) {
                metrics.update(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName(),
                        status.phase() == null ? "Pending" : status.phase().label(),
                        status.replicas() == null ? cluster.getSpec().replicasOrDefault() : status.replicas(),
                        status.readyReplicas() == null ? 0 : status.readyReplicas());
                Map<String, Long> lag = new HashMap<>();
                status.replicationLag().stream()
                        .filter(entry -> entry.lagBytes() != null)
                        .forEach(entry -> lag.put(entry.podName(), entry.lagBytes()));
                metrics.lag(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName(),
                        lag);
                metrics.backups(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName(),
                        backups(status));
                BackupStatus backup = status.backup();
                metrics.verification(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName(),
                        backup == null || backup.lastVerifiedTime() == null
                                ? null
                                : Instant.parse(backup.lastVerifiedTime()).getEpochSecond(),
                        backup == null ? null : backup.lastVerifiedDuration());
                metrics.certificate(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName(),
                        status.certificateExpiresAt() == null
                                ? null
                                : Instant.parse(status.certificateExpiresAt()).getEpochSecond());
            }

            @Override
            public void failover(PostgresCluster cluster) {
                metrics.failover(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName());
            }

            @Override
            public void failed(PostgresCluster cluster) {
                reconciliations.failed(cluster.getKind(), cluster.getMetadata().getNamespace());
            }

            @Override
            public void remove(PostgresCluster cluster) {
                metrics.remove(
                        cluster.getMetadata().getNamespace(),
                        cluster.getMetadata().getName());
            }
        };
    }
}

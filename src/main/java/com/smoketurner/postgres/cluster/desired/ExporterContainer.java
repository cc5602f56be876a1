package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The container that tells Prometheus of a member. It knows the password of a role that reads statistics and nothing else of the
 * member: neither its socket, at which everybody is trusted, nor its data.
 */
public final class ExporterContainer {
    public static final String NAME = "exporter";
    public static final String PORT = "metrics";

    /** What a server with many tables takes; requests are the limits, so that the class of service of the pod stays that of the server. */
    private static final SortedMap<String, Quantity> RESOURCES =
            new TreeMap<>(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("128Mi")));

    private ExporterContainer() {}

    static Container of(PostgresCluster cluster, Settings settings) {
        var metrics = cluster.getSpec().metricsOrDefault();
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(metrics.image() != null ? metrics.image() : settings.exporterImage())
                .withCommand(
                        Scripts.path(Scripts.EXPORT_METRICS),
                        "--web.listen-address=:" + metrics.portOrDefault(),
                        // The age of the oldest transaction id: a server that reaches its limit refuses all writes.
                        "--collector.database_wraparound",
                        "--collector.long_running_transactions")
                .withEnv(
                        PostgresContainer.value(
                                "DATA_SOURCE_URI",
                                "127.0.0.1:%d/postgres?sslmode=disable&application_name=%s"
                                        .formatted(Ports.POSTGRESQL, NAME)),
                        PostgresContainer.value("DATA_SOURCE_USER", MonitoringSecret.ROLE),
                        PostgresContainer.value("DATA_SOURCE_PASS_FILE", Paths.MONITORING + "/password"),
                        PostgresContainer.value("GOMEMLIMIT", "100MiB"))
                .addNewPort()
                .withName(PORT)
                .withContainerPort(metrics.portOrDefault())
                .withProtocol(Ports.TCP)
                .endPort()
                .withNewResources()
                .withRequests(RESOURCES)
                .withLimits(RESOURCES)
                .endResources()
                .withSecurityContext(PostgresContainer.security())
                .withVolumeMounts(
                        MemberVolumes.readOnly(MemberVolumes.SCRIPTS, Paths.SCRIPTS),
                        MemberVolumes.readOnly(MemberVolumes.MONITORING, Paths.MONITORING),
                        // Instead of the token of the members, which may write Patroni's records.
                        MemberVolumes.readOnly(MemberVolumes.NO_TOKEN, Paths.TOKEN))
                .build();
    }
}

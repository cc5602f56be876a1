package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.ResourceAmounts;
import com.smoketurner.postgres.api.ResourcesSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The container in which Patroni runs PostgreSQL. */
public final class PostgresContainer {
    public static final String NAME = "postgres";

    /** Until a member is found serving, a rollout goes no further and a new cluster is not Running (ADR-0011). */
    private static final int SERVING_PERIOD = 2;

    private static final int LIVENESS_PERIOD = 10;
    private static final int PATIENCE = 5;

    /** As Kubernetes has it by default: enough for a fast shutdown of a server that is merely slow to answer. */
    private static final long HUNG_GRACE_SECONDS = 30;

    private PostgresContainer() {}

    /** The container without its resources, which are no reason for a new pod. */
    static Container of(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        var scheme = cluster.getSpec().tlsEnabled() ? "HTTPS" : "HTTP";
        return new ContainerBuilder()
                .withName(NAME)
                .withImage(image(cluster, settings))
                .withCommand(Scripts.path(Scripts.RUN))
                .withEnv(env())
                .withPorts(port(Ports.POSTGRESQL_NAME, Ports.POSTGRESQL), port(Ports.PATRONI_NAME, Ports.PATRONI))
                .withResizePolicy(resizePolicy(cluster))
                .withStartupProbe(probe("/liveness", scheme, SERVING_PERIOD, PATIENCE, 150))
                .withLivenessProbe(probe("/liveness", scheme, LIVENESS_PERIOD, PATIENCE, 6))
                .withReadinessProbe(probe("/readiness", scheme, SERVING_PERIOD, SERVING_PERIOD, 15))
                .withLifecycle(lifecycle())
                .withSecurityContext(security())
                .withVolumeMounts(MemberVolumes.mountsOf(cluster))
                .build();
    }

    static String image(PostgresCluster cluster, Settings settings) {
        var image = cluster.getSpec().image();
        return image != null ? image : settings.image(cluster.getSpec().version());
    }

    /**
     * Gives the probes that end a container less time than a pod that is deleted: a Patroni that answers no probe for a minute
     * neither hands over nor stops PostgreSQL, so there is nothing to wait for.
     */
    static void endHungPatroni(Container container) {
        container.getStartupProbe().setTerminationGracePeriodSeconds(HUNG_GRACE_SECONDS);
        container.getLivenessProbe().setTerminationGracePeriodSeconds(HUNG_GRACE_SECONDS);
    }

    /** What the spec asks for; null without a wish. */
    public static @Nullable ResourceRequirements resourcesOf(ResourcesSpec resources) {
        var requests = amounts(resources.requests());
        var limits = amounts(resources.limits());
        return requests.isEmpty() && limits.isEmpty()
                ? null
                : new ResourceRequirementsBuilder()
                        .withRequests(requests)
                        .withLimits(limits)
                        .build();
    }

    private static SortedMap<String, Quantity> amounts(@Nullable ResourceAmounts amounts) {
        var result = new TreeMap<String, Quantity>();
        if (amounts != null) {
            put(result, "cpu", amounts.cpu());
            put(result, "memory", amounts.memory());
        }
        return result;
    }

    private static void put(SortedMap<String, Quantity> amounts, String resource, @Nullable Quantity amount) {
        if (amount != null) {
            amounts.put(resource, Quantities.canonical(amount));
        }
    }

    private static List<EnvVar> env() {
        return List.of(
                field("PATRONI_NAME", "metadata.name"),
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("POD_IP", "status.podIP"),
                value("PATRONI_KUBERNETES_POD_IP", "$(POD_IP)"),
                value("PATRONI_POSTGRESQL_CONNECT_ADDRESS", "$(POD_IP):" + Ports.POSTGRESQL),
                value("PATRONI_RESTAPI_CONNECT_ADDRESS", "$(POD_IP):" + Ports.PATRONI),
                value("PGROOT", Paths.PGROOT),
                value("PGDATA", Paths.PGDATA),
                value("PGHOST", Paths.SOCKETS),
                value("PGUSER", CredentialsSecret.SUPERUSER),
                value("PATRONICTL_CONFIG_FILE", Paths.PATRONI),
                path(Paths.SERVER_PROGRAMS));
    }

    /**
     * Where the programs are: the scripts first.
     *
     * @param server the folder of those of PostgreSQL
     */
    static EnvVar path(String server) {
        return value(
                "PATH",
                String.join(
                        ":", Paths.SCRIPTS, server, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    }

    static EnvVar value(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                // The API server's default; it is compared together with the path.
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static ContainerPort port(String name, int port) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(port)
                .withProtocol(Ports.TCP)
                .build();
    }

    private static List<ContainerResizePolicy> resizePolicy(PostgresCluster cluster) {
        var always = cluster.getSpec().resourcesOrDefault().restartOnResizeOrDefault();
        return List.of(
                new ContainerResizePolicy("cpu", always ? "RestartContainer" : "NotRequired"),
                new ContainerResizePolicy("memory", "RestartContainer"));
    }

    /** Patroni answers while it clones or restores, however long that takes, so no probe ends it. */
    private static Probe probe(String path, String scheme, int period, int timeout, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort(Ports.PATRONI)
                .withScheme(scheme)
                .endHttpGet()
                .withPeriodSeconds(period)
                .withTimeoutSeconds(timeout)
                .withFailureThreshold(failures)
                .build();
    }

    private static Lifecycle lifecycle() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewExec()
                .withCommand(Scripts.path(Scripts.PRE_STOP))
                .endExec()
                .endPreStop()
                .build();
    }

    /** As Pod Security `restricted` demands it of every container. */
    public static SecurityContext security() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }
}

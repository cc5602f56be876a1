package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Kubernetes that tests run on. Which one, in this order unless {@code E2E_CLUSTER} names it: the cluster of
 * {@code E2E_KUBECONFIG}; k3s in a container where Docker answers and has or gets its image; the project's own lab.
 */
public sealed interface Lab permits ProjectLab, K3sLab, GivenCluster {
    /** How long one request of a test may take. */
    int PATIENCE_MILLIS = 60_000;

    /** What this is, for messages. */
    String description();

    /** The administrator's kubeconfig, usable from this machine. */
    Path kubeconfig();

    /** Runs kubectl as the administrator with this standard input. */
    Command.Result kubectl(String stdin, List<String> args);

    /** Makes an image archive known to every node. */
    void load(Path image);

    /** Writes the logs of every component and pod, all objects and events into a folder. */
    void dump(Path folder);

    /** The audit log of the API server, one JSON object a line. */
    Path auditLog();

    /** Stops all processes of a node without a sign to the outside: its network still answers, nothing runs. */
    void freeze(String node);

    void thaw(String node);

    /** Keeps every packet between a node, its pods included, and the API server from arriving. */
    default void cutFromApiServer(String node) {
        throw new UnsupportedOperationException(description() + " cuts no networks: run with E2E_CLUSTER=lab");
    }

    /** Takes that back. */
    default void reconnect(String node) {
        throw new UnsupportedOperationException(description() + " cuts no networks: run with E2E_CLUSTER=lab");
    }

    /** Keeps every packet between a pod and the API server from arriving; the kubelet goes on to look after it. */
    default void cutFromApiServer(Pod pod) {
        throw new UnsupportedOperationException(description() + " cuts no networks: run with E2E_CLUSTER=lab");
    }

    /** Keeps every packet between a pod and all but the API server and its own node from arriving. */
    default void cutFromPeers(Pod pod) {
        throw new UnsupportedOperationException(description() + " cuts no networks: run with E2E_CLUSTER=lab");
    }

    /** Takes that back. */
    default void reconnect(Pod pod) {
        throw new UnsupportedOperationException(description() + " cuts no networks: run with E2E_CLUSTER=lab");
    }

    /** The processes of a container, as this machine numbers them. */
    default List<Long> processes(Pod pod, String container) {
        throw new UnsupportedOperationException(
                description() + " does not show its processes: run with E2E_CLUSTER=lab");
    }

    /** Sends a signal to every process of a container at once, from outside, so that even its first one gets it. */
    default void signal(String signal, Pod pod, String container) {
        signal(signal, processes(pod, container).stream());
    }

    /** The same for those whose command line contains this text. */
    default void signal(String signal, Pod pod, String container, String commandLine) {
        signal(
                signal,
                processes(pod, container).stream()
                        .filter(pid -> ProcessHandle.of(pid)
                                .flatMap(process -> process.info().commandLine())
                                .filter(line -> line.contains(commandLine))
                                .isPresent()));
    }

    private static void signal(String signal, Stream<Long> processes) {
        var argv = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(pid -> argv.add(Long.toString(pid)));
        Command.of(argv).run();
    }

    default KubernetesClient newClient() {
        return clientFor(kubeconfig());
    }

    static KubernetesClient clientFor(Path kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        // A test waits for what it asserts, and not less for an API server on a busy disk.
        config.setRequestTimeout(PATIENCE_MILLIS);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Starts or finds the cluster with running nodes, once for this Java process. */
    static Lab withNodes() {
        return Labs.WITH_NODES.get();
    }

    /** Starts or finds an API server without any node, once for this Java process. */
    static Lab controlPlane() {
        return Labs.CONTROL_PLANE.get();
    }
}

package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The installed operator, seen by whoever runs the cluster. */
public record Operator(Lab lab, KubernetesClient client) {
    private static final String CONTAINER = "operator";

    public List<Pod> pods() {
        return client
                .pods()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withLabels(
                        Map.of("app.kubernetes.io/name", Project.OPERATOR, "app.kubernetes.io/component", "controller"))
                .list()
                .getItems()
                .stream()
                .filter(p -> p.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The one pod that is there. */
    public Pod pod() {
        return Waiting.until("one operator pod", Waiting.SHORT, this::pods, list -> list.size() == 1)
                .getFirst();
    }

    public void scale(int replicas) {
        kubectl("scale", "deployment/" + Project.OPERATOR, "--replicas=" + replicas);
        if (replicas == 0) {
            Waiting.until("the operator is gone", Waiting.SHORT, this::pods, List::isEmpty);
        } else {
            Installation.awaitAvailable(lab);
        }
    }

    /** Sets environment variables ({@code NAME=value}, {@code NAME-} to unset) and waits for the new pod. */
    public void set(String... variables) {
        var args = new ArrayList<>(List.of("set", "env", "deployment/" + Project.OPERATOR));
        args.addAll(List.of(variables));
        kubectl(args.toArray(String[]::new));
        Installation.awaitAvailable(lab);
    }

    /** SIGKILL to its process, and a new pod at once instead of the kubelet's growing pauses between restarts. */
    public void kill() {
        // After another kill the new pod may not have a process yet.
        Pod pod = Waiting.until("the operator runs", Waiting.SHORT, this::pod, Operator::runs);
        lab.signal("KILL", pod, CONTAINER);
        client.resource(pod).withGracePeriod(0).delete();
    }

    private static boolean runs(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .anyMatch(status ->
                        CONTAINER.equals(status.getName()) && status.getState().getRunning() != null);
    }

    public String logs() {
        return kubectl("logs", "deployment/" + Project.OPERATOR, "--tail=-1");
    }

    public String leaseHolder() {
        return holderOfLease(client);
    }

    /** Who leads, wherever it runs, or nothing where nobody does. */
    public static String holderOfLease(KubernetesClient client) {
        var lease = client.leases()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName("postgres-operator-leader")
                .get();
        return lease == null ? "" : Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
    }

    public String kubectl(String... args) {
        var all = new ArrayList<>(List.of("-n", Project.OPERATOR_NAMESPACE));
        all.addAll(List.of(args));
        return lab.kubectl("", all).orThrow();
    }

    /** Processor seconds that the processes of its container have used. */
    public double cpuSeconds() {
        return lab.processes(pod(), CONTAINER).stream()
                .mapToDouble(Operator::cpuSeconds)
                .sum();
    }

    private static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // utime and stime: fields 14 and 15 of proc(5), in ticks of a hundredth of a second on Linux.
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

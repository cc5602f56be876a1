package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.patroni.MemberRecord;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pod of a cluster, reduced to what decisions depend on. WAL positions are left out on purpose: they move all the
 * time, and a pod whose members are equal gives no reason to reconcile.
 *
 * @param ordinal its number in the StatefulSet
 * @param ready the pod's condition Ready
 * @param terminating deletion has been asked for
 * @param labels all of the pod's labels
 * @param userLabels keys of the user's labels among them
 * @param role value of the label that Patroni writes; absent before its first
 * @param templateHash hash of the template the pod was made of
 * @param resources of the container {@code postgres}, as asked for
 * @param specApplied the kubelet has processed the pod's current spec
 * @param incarnation identifies one start of the server's container
 * @param streaming it is a replica that receives the primary's changes as they happen
 * @param pendingRestart Patroni waits for a restart to put parameters in force
 * @param pending those parameters
 * @param timeline the timeline it is on; absent when unknown
 * @param waiting reason and message of a container that does not start; absent when all run
 * @param unschedulable what the scheduler says; absent when it found a node
 */
public record Member(
        String name,
        int ordinal,
        String uid,
        boolean ready,
        boolean terminating,
        Map<String, String> labels,
        Set<String> userLabels,
        @Nullable String role,
        @Nullable String templateHash,
        @Nullable ResourceRequirements resources,
        long generation,
        @Nullable Long observedGeneration,
        boolean specApplied,
        String incarnation,
        boolean streaming,
        boolean pendingRestart,
        SortedMap<String, MemberRecord.Change> pending,
        @Nullable Long timeline,
        @Nullable Trouble waiting,
        @Nullable String unschedulable) {

    /** Name of the container with the server. */
    public static final String CONTAINER = "postgres";

    /** Why a container does not run. */
    public record Trouble(String reason, String message) {}

    public static Member of(Pod pod) {
        Optional<MemberRecord> patroni = Optional.ofNullable(pod.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(MemberRecord.ANNOTATION))
                .flatMap(MemberRecord::parse);
        Map<String, String> labels = pod.getMetadata().getLabels();
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        long generation = Objects.requireNonNullElse(pod.getMetadata().getGeneration(), 0L);
        Long observed = pod.getStatus().getObservedGeneration();
        return new Member(
                pod.getMetadata().getName(),
                ordinal(pod.getMetadata().getName()),
                pod.getMetadata().getUid(),
                condition(pod, "Ready"),
                pod.getMetadata().getDeletionTimestamp() != null,
                Map.copyOf(labels),
                keys(annotations.get(Annotations.USER_LABELS)),
                labels.get(Labels.ROLE),
                annotations.get(Annotations.POD_TEMPLATE_HASH),
                server(pod).map(Container::getResources).orElse(null),
                generation,
                observed,
                // Kubelets before 1.34 do not report it; a pod that runs has been seen by its kubelet.
                observed == null ? pod.getStatus().getStartTime() != null : observed >= generation,
                incarnation(pod),
                patroni.filter(MemberRecord::isStreaming).isPresent(),
                patroni.map(MemberRecord::pendingRestart).orElse(false),
                patroni.map(MemberRecord::pendingRestartReason).orElseGet(TreeMap::new),
                patroni.map(MemberRecord::timeline).orElse(null),
                trouble(pod),
                unschedulable(pod));
    }

    public boolean primary() {
        return Labels.ROLE_PRIMARY.equals(role);
    }

    public boolean replica() {
        return Labels.ROLE_REPLICA.equals(role);
    }

    /** Its name and the parameters that wait for its restart, for a person. */
    public String withPending() {
        return "%s (%s)".formatted(name, String.join(", ", pending.keySet()));
    }

    private static Set<String> keys(@Nullable String list) {
        return list == null || list.isEmpty() ? Set.of() : Set.of(list.split(","));
    }

    private static int ordinal(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    }

    private static Optional<Container> server(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .filter(container -> CONTAINER.equals(container.getName()))
                .findFirst();
    }

    private static boolean condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static String incarnation(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> CONTAINER.equals(status.getName()))
                .map(ContainerStatus::getContainerID)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static @Nullable Trouble trouble(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .filter(status -> status.getState() != null && status.getState().getWaiting() != null)
                .map(status -> status.getState().getWaiting())
                .filter(waiting -> waiting.getReason() != null && !TRANSIENT.contains(waiting.getReason()))
                .map(waiting -> new Trouble(
                        waiting.getReason(), Objects.requireNonNullElse(waiting.getMessage(), "no further message")))
                .findFirst()
                .orElse(null);
    }

    private static final List<String> TRANSIENT = List.of("ContainerCreating", "PodInitializing");

    private static @Nullable String unschedulable(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> "PodScheduled".equals(condition.getType())
                        && "False".equals(condition.getStatus())
                        && "Unschedulable".equals(condition.getReason()))
                .map(condition -> Objects.requireNonNullElse(condition.getMessage(), "no node fits"))
                .findFirst()
                .orElse(null);
    }
}

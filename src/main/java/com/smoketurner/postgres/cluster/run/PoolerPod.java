package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A pod of a pooler, reduced to what decisions depend on.
 *
 * @param primary whether it is the primary's pooler; the replicas' otherwise
 * @param ready the pod's condition Ready
 * @param terminating deletion has been requested
 * @param trouble why it does not start; absent while nothing says that it does not
 */
public record PoolerPod(
        String name,
        String uid,
        boolean primary,
        boolean ready,
        boolean terminating,
        @Nullable String trouble) {

    /** Reasons of containers that are about to start. */
    private static final String CREATING = "ContainerCreating";

    public static PoolerPod of(Pod pod) {
        return new PoolerPod(
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                Labels.POOLER_TYPE_PRIMARY.equals(pod.getMetadata().getLabels().get(Labels.POOLER_TYPE)),
                Member.condition(pod, "Ready")
                        .filter(ready -> "True".equals(ready.getStatus()))
                        .isPresent(),
                pod.getMetadata().getDeletionTimestamp() != null,
                Optional.ofNullable(pod.getStatus())
                        .flatMap(status -> Stream.of(waiting(status), unschedulable(pod))
                                .flatMap(Optional::stream)
                                .findFirst())
                        .orElse(null));
    }

    private static Optional<String> waiting(PodStatus status) {
        return status.getContainerStatuses().stream()
                .map(container -> container.getState() == null
                        ? null
                        : container.getState().getWaiting())
                .filter(Objects::nonNull)
                .filter(waiting -> waiting.getReason() != null && !CREATING.equals(waiting.getReason()))
                .map(waiting -> waiting.getMessage() == null
                        ? waiting.getReason()
                        : waiting.getReason() + ": " + waiting.getMessage())
                .findFirst();
    }

    private static Optional<String> unschedulable(Pod pod) {
        return Member.condition(pod, "PodScheduled")
                .filter(condition -> "False".equals(condition.getStatus()))
                .map(condition -> condition.getMessage() == null
                        ? String.valueOf(condition.getReason())
                        : condition.getReason() + ": " + condition.getMessage());
    }

    /** Clients use it, and it is not about to end. */
    public boolean serves() {
        return ready && !terminating;
    }
}

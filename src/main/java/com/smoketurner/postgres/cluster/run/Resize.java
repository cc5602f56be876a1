package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.ResizeState;
import com.smoketurner.postgres.cluster.desired.RequestedResources;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the node is with the resources that a pod's server container asks for.
 *
 * @param state between requested and given
 * @param message why it waits or cannot be done, in the kubelet's words; absent without trouble
 * @param allocated what the node has given the container; absent where the kubelet does not report it
 * @see <a href="https://kubernetes.io/docs/tasks/configure-pod-container/resize-container-resources/">Resize CPU and
 *     memory of containers</a>
 */
public record Resize(
        ResizeState state,
        @Nullable String message,
        @Nullable ResourceRequirements allocated) {

    /** No resize is under way. */
    public static final Resize NONE = new Resize(ResizeState.NOT_IN_PROGRESS, null, null);

    static Resize of(Pod pod, @Nullable ResourceRequirements asked, Optional<ContainerStatus> status) {
        ResourceRequirements allocated =
                status.map(ContainerStatus::getResources).orElse(null);
        Optional<PodCondition> pending =
                Member.condition(pod, "PodResizePending").filter(Resize::isTrue);
        if (pending.isPresent()) {
            ResizeState state =
                    "Infeasible".equals(pending.get().getReason()) ? ResizeState.INFEASIBLE : ResizeState.DEFERRED;
            return new Resize(state, pending.get().getMessage(), allocated);
        }
        Optional<PodCondition> progress =
                Member.condition(pod, "PodResizeInProgress").filter(Resize::isTrue);
        if (progress.isPresent()) {
            return new Resize(ResizeState.IN_PROGRESS, progress.get().getMessage(), allocated);
        }
        return older(pod.getStatus().getResize())
                .map(state -> new Resize(state, null, allocated))
                .orElseGet(() -> new Resize(
                        differs(asked, allocated) ? ResizeState.PROPOSED : ResizeState.NOT_IN_PROGRESS,
                        null,
                        allocated));
    }

    private static boolean isTrue(PodCondition condition) {
        return "True".equals(condition.getStatus());
    }

    /** Kubelets before 1.33 say it in one word instead of conditions. */
    private static Optional<ResizeState> older(@Nullable String word) {
        return word == null || word.isEmpty()
                ? Optional.empty()
                : Arrays.stream(ResizeState.values())
                        .filter(state -> state.label().equals(word))
                        .findFirst();
    }

    /** A container that is not running yet has nothing allocated, and is no resize. */
    private static boolean differs(@Nullable ResourceRequirements asked, @Nullable ResourceRequirements allocated) {
        return allocated != null && !RequestedResources.amounts(asked).equals(RequestedResources.amounts(allocated));
    }
}

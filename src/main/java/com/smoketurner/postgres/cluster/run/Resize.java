package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.ResizeState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the node is with the resources that a pod's server container asks for.
 *
 * @param state between asked for and given
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
        return allocated != null && !amounts(asked).equals(amounts(allocated));
    }

    /** Requests and limits by name, comparable: {@code 0.5} and {@code 500m} are equal. */
    public static Map<String, String> amounts(@Nullable ResourceRequirements requirements) {
        Map<String, String> amounts = new TreeMap<>();
        if (requirements != null) {
            add(amounts, "requests.", requirements.getRequests());
            add(amounts, "limits.", requirements.getLimits());
        }
        return amounts;
    }

    private static void add(Map<String, String> amounts, String kind, @Nullable Map<String, Quantity> quantities) {
        Objects.requireNonNullElse(quantities, Map.<String, Quantity>of())
                .forEach((name, quantity) -> amounts.put(
                        kind + name,
                        quantity.getNumericalAmount().stripTrailingZeros().toPlainString()));
    }
}

package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.ResizeState;
import com.smoketurner.postgres.api.ResizeStatus;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.reconcile.Conditions;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said about the in-place resizes of a cluster's pods. */
final class Resizes {

    private Resizes() {}

    /** One entry for each pod; null where nodes cannot resize. */
    static @Nullable List<ResizeStatus> of(ClusterReport report, PostgresClusterStatus previous) {
        return report.view().settings().inPlaceResize() ? entries(report, previous) : null;
    }

    static List<ResizeStatus> entries(ClusterReport report, PostgresClusterStatus previous) {
        return report.members().stream()
                .map(member -> of(member, previous, report.view().now()))
                .toList();
    }

    private static ResizeStatus of(Member member, PostgresClusterStatus previous, Instant now) {
        ResizeState state = member.resize().state();
        String since = of(previous, member.name())
                .filter(entry -> entry.status() == state)
                .map(ResizeStatus::lastTransitionTime)
                .orElseGet(() -> Conditions.time(now));
        return new ResizeStatus(
                member.name(),
                state,
                request(member.resize().allocated(), "cpu"),
                request(member.resize().allocated(), "memory"),
                member.resize().message(),
                since);
    }

    private static Optional<ResizeStatus> of(PostgresClusterStatus status, String pod) {
        return Objects.requireNonNullElse(status.resizeStatus(), List.<ResizeStatus>of()).stream()
                .filter(entry -> entry.podName().equals(pod))
                .findFirst();
    }

    private static @Nullable String request(@Nullable ResourceRequirements allocated, String resource) {
        return allocated == null || allocated.getRequests() == null
                ? null
                : Optional.ofNullable(allocated.getRequests().get(resource))
                        .map(Quantity::toString)
                        .orElse(null);
    }

    /** The one whose state a person has to know of first; nothing while no resize is under way. */
    static Optional<ResizeStatus> worst(List<ResizeStatus> entries) {
        return entries.stream()
                .filter(entry -> entry.status() != ResizeState.NOT_IN_PROGRESS)
                .max(Comparator.comparing(entry -> Objects.requireNonNull(entry.status())));
    }

    /** Pods whose node cannot give what is asked for, and could when the status was last written. */
    static List<ResizeStatus> newlyInfeasible(PostgresClusterStatus before, PostgresClusterStatus after) {
        return Objects.requireNonNullElse(after.resizeStatus(), List.<ResizeStatus>of()).stream()
                .filter(entry -> entry.status() == ResizeState.INFEASIBLE)
                .filter(entry -> of(before, entry.podName())
                        .filter(old -> old.status() == ResizeState.INFEASIBLE)
                        .isEmpty())
                .toList();
    }
}

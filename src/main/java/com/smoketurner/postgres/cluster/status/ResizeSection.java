package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.ResizeState;
import com.smoketurner.postgres.api.ResizeStatus;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The in-place resizes of the pods. */
final class ResizeSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        List<ResizeStatus> entries = report.members().stream()
                .map(member -> entry(member, draft.before(), report.view().now()))
                .toList();
        condition(report, entries, draft);
        report.refusedResize()
                .filter(refused -> draft.news(ConditionType.RESOURCE_RESIZE_IN_PROGRESS)
                        .filter(condition -> StatusDraft.has(condition, Reason.RESIZE_REFUSED))
                        .isPresent())
                .ifPresent(refused -> draft.event(EventReason.RESIZE_REFUSED, refused.message()));
        boolean shown = report.view().settings().inPlaceResize();
        draft.fields().resizeStatus(shown ? entries : null);
        entries.stream()
                .filter(entry -> shown && isInfeasible(entry))
                .filter(entry -> of(draft.before(), entry.podName())
                        .filter(ResizeSection::isInfeasible)
                        .isEmpty())
                .forEach(entry -> draft.event(
                        EventReason.RESIZE_INFEASIBLE,
                        "recreating pod %s: its node cannot satisfy the resize: %s"
                                .formatted(entry.podName(), entry.message())));
    }

    /** The resize that a user has to know of first. */
    private static void condition(ClusterReport report, List<ResizeStatus> entries, StatusDraft draft) {
        entries.stream()
                .filter(entry -> entry.status() != ResizeState.NOT_IN_PROGRESS)
                .max(Comparator.comparing(entry -> Objects.requireNonNull(entry.status())))
                .ifPresentOrElse(
                        entry -> draft.condition(
                                ConditionType.RESOURCE_RESIZE_IN_PROGRESS,
                                true,
                                reason(Objects.requireNonNull(entry.status())),
                                "%s: %s"
                                        .formatted(
                                                entry.podName(),
                                                Objects.requireNonNullElse(
                                                        entry.message(), "waiting for the node to apply the resize"))),
                        () -> draft.condition(
                                ConditionType.RESOURCE_RESIZE_IN_PROGRESS,
                                false,
                                report.refusedResize().isPresent() ? Reason.RESIZE_REFUSED : Reason.NO_RESIZE,
                                report.refusedResize()
                                        .map(Outcome.Unsupported::message)
                                        .orElse("no resize in progress")));
    }

    private static Reason reason(ResizeState state) {
        return switch (state) {
            case NOT_IN_PROGRESS -> Reason.NO_RESIZE;
            case PROPOSED -> Reason.RESIZE_PROPOSED;
            case IN_PROGRESS -> Reason.RESIZE_IN_PROGRESS;
            case DEFERRED -> Reason.RESIZE_DEFERRED;
            case INFEASIBLE -> Reason.RESIZE_INFEASIBLE;
        };
    }

    private static ResizeStatus entry(Member member, PostgresClusterStatus before, Instant now) {
        ResizeState state = member.resize().state();
        String since = of(before, member.name())
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

    private static boolean isInfeasible(ResizeStatus entry) {
        return entry.status() == ResizeState.INFEASIBLE;
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
}

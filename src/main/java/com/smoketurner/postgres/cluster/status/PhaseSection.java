package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The phase, which follows from the conditions that the other sections have written. */
final class PhaseSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        PostgresClusterStatus before = draft.before();
        ClusterPhase from = Objects.requireNonNullElse(before.phase(), ClusterPhase.PENDING);
        ClusterPhase to = new Phases(report.view().timeouts()).next(inputs(report, draft, from));
        draft.fields()
                .phase(to)
                .phaseStartedAt(since(before, to, report.view().now()))
                .previousReplicas(previousReplicas(report, before, to));
        if (to != before.phase()) {
            transition(report, draft, from, to);
        }
    }

    private static PhaseInputs inputs(ClusterReport report, StatusDraft draft, ClusterPhase from) {
        PostgresClusterStatus before = draft.before();
        List<Condition> conditions = draft.conditions();
        Instant now = report.view().now();
        Integer reached = before.replicas();
        return new PhaseInputs(
                from,
                report.rejected().isPresent(),
                before.successor() != null,
                draft.everRan(),
                report.applied(),
                report.blocked().isPresent(),
                report.primary().isPresent(),
                report.view().observed().leaderRestarts(now),
                report.upgrading().filter(Outcome.Working::alone).isPresent(),
                specChanged(report, before),
                lasted(conditions, ConditionType.READY, now),
                report.ready(),
                report.desired(),
                // Replicas that wait for their turn to be copied are no trouble.
                report.upgrading().isPresent() ? Duration.ZERO : lasted(conditions, ConditionType.REPLICAS_READY, now),
                draft.everRan() && reached != null && reached != report.desired(),
                report.working().isPresent(),
                report.synced(),
                report.streaming(),
                Latecomers.of(report, before.changingSince()).isEmpty(),
                before.timeInPhase(now));
    }

    private static boolean specChanged(ClusterReport report, PostgresClusterStatus before) {
        return !report.view().paused()
                && !Objects.equals(
                        before.observedGeneration(),
                        report.view().cluster().getMetadata().getGeneration());
    }

    private static Duration lasted(List<Condition> conditions, ConditionType type, Instant now) {
        return Conditions.lasted(conditions, type.label(), false, now);
    }

    static String since(PostgresClusterStatus before, ClusterPhase phase, Instant now) {
        String known = before.phaseStartedAt();
        return known != null && phase == before.phase() ? known : Conditions.time(now);
    }

    private static @Nullable Integer previousReplicas(
            ClusterReport report, PostgresClusterStatus before, ClusterPhase phase) {
        if (phase != ClusterPhase.SCALING) {
            return null;
        }
        Integer reached = before.replicas();
        return reached != null && reached != report.desired() ? reached : before.previousReplicas();
    }

    private static void transition(ClusterReport report, StatusDraft draft, ClusterPhase from, ClusterPhase to) {
        event(to)
                .ifPresent(reason -> draft.event(
                        reason,
                        "State changed from %s to %s: %s".formatted(from.label(), to.label(), why(report, draft, to))));
        if (to == ClusterPhase.FAILED) {
            report.blocked().ifPresent(cause -> draft.failure(cause.reason().label(), cause.message()));
        }
    }

    private static Optional<EventReason> event(ClusterPhase phase) {
        return switch (phase) {
            case PENDING -> Optional.empty(); // Where everything begins; nothing happened yet.
            case CREATING -> Optional.of(EventReason.CLUSTER_CREATING);
            case RUNNING -> Optional.of(EventReason.CLUSTER_READY);
            case UPDATING -> Optional.of(EventReason.CLUSTER_UPDATING);
            case SCALING -> Optional.of(EventReason.CLUSTER_SCALING);
            case RECOVERING -> Optional.of(EventReason.CLUSTER_RECOVERING);
            case DEGRADED -> Optional.of(EventReason.CLUSTER_DEGRADED);
            case FAILED -> Optional.of(EventReason.CLUSTER_FAILED);
            case SUPERSEDED -> Optional.of(EventReason.CLUSTER_SUPERSEDED);
            case DELETING -> Optional.of(EventReason.CLUSTER_DELETING);
        };
    }

    private static String why(ClusterReport report, StatusDraft draft, ClusterPhase phase) {
        return switch (phase) {
            case RUNNING -> "%d/%d members ready".formatted(report.ready(), report.desired());
            case FAILED ->
                report.failure().map(Outcome.Rejected::message).orElseGet(() -> draft.message(ConditionType.READY));
            case DEGRADED -> draft.message(ConditionType.DEGRADED);
            case RECOVERING -> draft.message(ConditionType.READY);
            default -> draft.message(ConditionType.PROGRESSING);
        };
    }
}

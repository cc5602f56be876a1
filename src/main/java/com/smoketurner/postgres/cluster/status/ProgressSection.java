package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.reconcile.Conditions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is being changed, and how far that has come. */
final class ProgressSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        progressing(report, draft);
        podsSynced(report, draft);
        pendingRestart(report, draft);
        draft.fields().allPodsSynced(report.inSync());
        completed(draft);
    }

    private static void progressing(ClusterReport report, StatusDraft draft) {
        if (report.failure().isPresent()) {
            stopped(draft, Reason.FAILED, report.failure().get().message());
        } else if (report.view().paused()) {
            stopped(draft, Reason.PAUSED, paused(report));
        } else if (report.gate().isPresent()) {
            going(draft, Reason.CREATING_RESOURCES, report.gate().get().message());
        } else if (report.working().isPresent()) {
            working(report, draft, report.working().get());
        } else if (report.queued().isPresent()) {
            going(draft, report.queued().get().reason(), report.queued().get().message());
        } else if (report.waiting().isPresent()) {
            going(draft, report.waiting().get().reason(), report.waiting().get().message());
        } else if (report.members().size() != report.desired() || report.ready() < report.desired()) {
            incomplete(report, draft);
        } else {
            catchingUp(report, draft);
        }
    }

    private static void going(StatusDraft draft, Reason reason, String message) {
        draft.condition(ConditionType.PROGRESSING, true, reason, message);
    }

    private static void stopped(StatusDraft draft, Reason reason, String message) {
        draft.condition(ConditionType.PROGRESSING, false, reason, message);
    }

    /** Members are missing or not Ready: those of a change that is in progress, or it is the trouble that Degraded names. */
    private static void incomplete(ClusterReport report, StatusDraft draft) {
        changeInProgress(report, draft)
                .ifPresentOrElse(
                        reason -> going(draft, reason, report.readiness()),
                        () -> stopped(draft, Reason.STABLE, "no change in progress; " + report.readiness()));
    }

    /** The reason of a change whose last member is not in service yet. */
    private static Optional<Reason> changeInProgress(ClusterReport report, StatusDraft draft) {
        PostgresClusterStatus before = draft.before();
        if (before.currentVersion() == null) {
            return Optional.of(Reason.CREATING_RESOURCES);
        }
        boolean scaling = before.replicas() != null && before.replicas() != report.desired();
        if (scaling || before.phase() == ClusterPhase.SCALING) {
            return Optional.of(Reason.SCALING);
        }
        return before.phase() == ClusterPhase.UPDATING
                ? draft.shown(ConditionType.PROGRESSING)
                        .filter(StatusDraft::isTrue)
                        .flatMap(condition -> Reason.of(condition.reason()))
                        .or(() -> Optional.of(Reason.ROLLING_RESTART))
                : Optional.empty();
    }

    private static void catchingUp(ClusterReport report, StatusDraft draft) {
        List<String> behind = Latecomers.of(report, draft.before().changingSince());
        if (behind.isEmpty()) {
            stopped(draft, Reason.STABLE, "no change in progress");
        } else {
            Reason reason = draft.before().phase() == ClusterPhase.SCALING ? Reason.SCALING : Reason.ROLLING_RESTART;
            going(draft, reason, "waiting for %s to catch up".formatted(String.join(", ", behind)));
        }
    }

    private static void working(ClusterReport report, StatusDraft draft, Outcome.Working working) {
        if (stopped(report, draft.before().conditions())) {
            stopped(
                    draft,
                    Reason.FAILED,
                    "the change has stopped: %s did not become ready; the remaining changes wait until it does (%s)"
                            .formatted(report.notReady(), working.message()));
        } else {
            going(draft, working.reason(), report.withCauses(working.message()));
        }
    }

    private static String paused(ClusterReport report) {
        String left = report.view().observed().statefulSet().isPresent()
                ? RolloutStates.of(report.view()).leftToDo()
                : "everything";
        return "paused by the annotation %s%s"
                .formatted(Annotations.PAUSE, left.isEmpty() ? "" : "; remaining: " + left);
    }

    private static void podsSynced(ClusterReport report, StatusDraft draft) {
        Optional<String> waiting = report.queued()
                .map(Outcome.Queued::message)
                .or(() -> report.working().map(Outcome.Working::message));
        if (report.inSync()) {
            String admitted = RolloutStates.admitted(report.view());
            draft.condition(
                    ConditionType.POD_GENERATION_SYNCED,
                    true,
                    Reason.ALL_PODS_SYNCED,
                    "every pod runs the current template"
                            + (admitted.isEmpty() ? "" : "; changed by admission, and left so: " + admitted));
        } else if (report.synced() && report.refusedResize().isPresent()) {
            draft.condition(
                    ConditionType.POD_GENERATION_SYNCED,
                    false,
                    Reason.RESIZE_REFUSED,
                    report.refusedResize().get().message());
        } else {
            draft.condition(
                    ConditionType.POD_GENERATION_SYNCED,
                    false,
                    waiting.isPresent() ? Reason.WAITING_FOR_RESTART : Reason.WAITING_FOR_KUBELET,
                    waiting.orElse("pods are starting"));
        }
    }

    private static void pendingRestart(ClusterReport report, StatusDraft draft) {
        String names = report.members().stream()
                .filter(Member::pendingRestart)
                .map(Member::withPending)
                .collect(Collectors.joining(", "));
        draft.condition(
                ConditionType.PENDING_RESTART,
                !names.isEmpty(),
                names.isEmpty() ? Reason.NO_RESTART_REQUIRED : Reason.RESTART_REQUIRED,
                names.isEmpty() ? "no parameter requires a restart" : "parameters require a restart of " + names);
    }

    /** A change that was in progress and no longer is. */
    private static void completed(StatusDraft draft) {
        boolean stable = draft.written(ConditionType.PROGRESSING)
                .filter(condition -> StatusDraft.has(condition, Reason.STABLE))
                .isPresent();
        draft.shown(ConditionType.PROGRESSING).filter(shown -> stable).ifPresent(shown -> {
            if (StatusDraft.has(shown, Reason.RESIZING)) {
                draft.event(EventReason.RESIZE_COMPLETED, "every pod has the requested resources");
            } else if (StatusDraft.has(shown, Reason.APPLYING_PARAMETERS)) {
                draft.event(EventReason.PARAMETERS_APPLIED, "no parameter requires a restart any more");
            }
        });
    }

    /** Whether a change has stopped: a member stays away for longer than any restart takes. */
    private static boolean stopped(ClusterReport report, List<Condition> conditions) {
        return report.working().isPresent()
                && report.upgrading().isEmpty()
                && Conditions.lasted(
                                        conditions,
                                        ConditionType.REPLICAS_READY.label(),
                                        false,
                                        report.view().now())
                                .compareTo(report.view().timeouts().stuckChange())
                        > 0;
    }
}

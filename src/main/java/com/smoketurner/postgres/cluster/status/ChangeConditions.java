package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.ResizeState;
import com.smoketurner.postgres.api.ResizeStatus;
import com.smoketurner.postgres.cluster.plan.Situations;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.reconcile.Conditions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is being changed, and how far that has come. */
final class ChangeConditions {
    static final String PROGRESSING = "Progressing";
    static final String POD_GENERATION_SYNCED = "PodGenerationSynced";

    /** Reason of the condition Progressing while no change is in progress. */
    static final String STABLE = "Stable";

    private final ClusterReport report;
    private final PostgresClusterStatus previous;
    private final Conditions conditions;

    ChangeConditions(ClusterReport report, PostgresClusterStatus previous, Conditions conditions) {
        this.report = report;
        this.previous = previous;
        this.conditions = conditions;
    }

    void progressing() {
        if (report.failure().isPresent()) {
            conditions.add(PROGRESSING, false, "Failed", report.failure().get().message());
        } else if (report.view().paused()) {
            conditions.add(PROGRESSING, false, "Paused", paused());
        } else if (report.gate().isPresent()) {
            conditions.add(
                    PROGRESSING, true, "CreatingResources", report.gate().get().message());
        } else if (report.working().isPresent()) {
            working(report.working().get());
        } else if (report.queued().isPresent()) {
            Outcome.Queued queued = report.queued().get();
            conditions.add(PROGRESSING, true, queued.reason(), queued.message());
        } else if (report.waiting().isPresent()) {
            Outcome.Waiting waiting = report.waiting().get();
            conditions.add(PROGRESSING, true, waiting.reason(), waiting.message());
        } else if (report.members().size() != report.desired() || report.ready() < report.desired()) {
            incomplete();
        } else {
            catchingUp();
        }
    }

    /** Members are missing or not Ready: those of a change that is on its way, or it is the trouble that Degraded names. */
    private void incomplete() {
        String members = report.readiness();
        Optional<String> change = changeUnderWay();
        conditions.add(
                PROGRESSING,
                change.isPresent(),
                change.orElse(STABLE),
                change.isPresent() ? members : "no change is in progress; " + members);
    }

    /** The reason that a change goes by whose last member is not in service yet. */
    private Optional<String> changeUnderWay() {
        if (previous.currentVersion() == null) {
            return Optional.of("CreatingResources");
        }
        boolean scaling = previous.replicas() != null && previous.replicas() != report.desired();
        if (scaling || previous.phase() == ClusterPhase.SCALING) {
            return Optional.of("Scaling");
        }
        return previous.phase() == ClusterPhase.UPDATING
                ? Conditions.find(previous.conditions(), PROGRESSING)
                        .filter(shown -> shown.status().equals("True"))
                        .map(Condition::reason)
                        .or(() -> Optional.of("RollingRestart"))
                : Optional.empty();
    }

    private void catchingUp() {
        List<String> behind = report.latecomers(ClusterStatuses.changingSince(previous));
        if (behind.isEmpty()) {
            conditions.add(PROGRESSING, false, STABLE, "nothing is being changed");
        } else {
            String reason = previous.phase() == ClusterPhase.SCALING ? "Scaling" : "RollingRestart";
            conditions.add(
                    PROGRESSING, true, reason, "waiting for %s to catch up".formatted(String.join(", ", behind)));
        }
    }

    private void working(Outcome.Working working) {
        if (report.stopped(previous.conditions())) {
            conditions.add(
                    PROGRESSING,
                    false,
                    "Failed",
                    "stopped, because a member does not come back: %s; what is left stays as it is until it does (%s)"
                            .formatted(ServiceConditions.notReady(report), working.message()));
        } else {
            conditions.add(PROGRESSING, true, working.reason(), report.withCauses(working.message()));
        }
    }

    private String paused() {
        String left = report.view().observed().statefulSet().isPresent()
                ? Situations.of(report.view()).leftToDo()
                : "everything";
        return "nothing is changed while the annotation %s is true%s"
                .formatted(Annotations.PAUSE, left.isEmpty() ? "" : "; still to do: " + left);
    }

    void podsSynced() {
        if (report.synced() && report.queued().isEmpty()) {
            conditions.add(POD_GENERATION_SYNCED, true, "AllPodsSynced", "every pod runs the current template");
        } else if (report.queued().isPresent()) {
            conditions.add(
                    POD_GENERATION_SYNCED,
                    false,
                    "WaitingForRestart",
                    report.queued().get().message());
        } else if (report.working().isPresent()) {
            conditions.add(
                    POD_GENERATION_SYNCED,
                    false,
                    "WaitingForRestart",
                    report.working().get().message());
        } else {
            conditions.add(POD_GENERATION_SYNCED, false, "WaitingForKubelet", "pods are being started");
        }
    }

    void resize() {
        Optional<ResizeStatus> worst = Resizes.worst(Resizes.entries(report, previous));
        if (worst.isEmpty()) {
            conditions.add("ResourceResizeInProgress", false, "NoResize", "no resize is under way");
            return;
        }
        ResizeState state = Objects.requireNonNull(worst.get().status());
        String reason = state == ResizeState.IN_PROGRESS ? "ResizeInProgress" : "Resize" + state.label();
        String why = worst.get().message();
        conditions.add(
                "ResourceResizeInProgress",
                true,
                reason,
                "%s: %s".formatted(worst.get().podName(), why == null ? "the node has not given it yet" : why));
    }

    void pendingRestart() {
        String names = report.members().stream()
                .filter(Member::pendingRestart)
                .map(Member::withPending)
                .collect(Collectors.joining(", "));
        if (names.isEmpty()) {
            conditions.add("PendingRestart", false, "NoRestartRequired", "no parameter waits for a restart");
        } else {
            conditions.add("PendingRestart", true, "RestartRequired", "parameters wait for a restart of " + names);
        }
    }
}

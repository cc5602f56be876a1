package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** What keeps the operator from its work: errors of its steps, and what the user has to change. */
public final class FailureSection implements Section {

    /** So many attempts in a row may fail before the cluster counts as degraded: most causes pass. */
    private static final int PATIENCE = 5;

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        report.failures()
                .ifPresentOrElse(
                        failures -> draft.condition(
                                ConditionType.RECONCILED, false, Reason.RECONCILIATION_FAILED, failures),
                        () -> draft.condition(
                                ConditionType.RECONCILED,
                                true,
                                Reason.RECONCILIATION_SUCCEEDED,
                                "no step of the operator failed"));
        Optional<String> error = report.failure().map(Outcome.Rejected::message).or(report::failures);
        draft.fields()
                .retryCount(report.failures().isPresent() ? attempts(draft.before()) + 1 : null)
                .lastError(error.orElse(null))
                .lastErrorTime(error.map(
                                text -> time(draft.before(), text, report.view().now()))
                        .orElse(null));
        draft.news(ConditionType.DEGRADED)
                .filter(condition -> StatusDraft.has(condition, Reason.RECONCILIATION_FAILED))
                // Attempts that fail one after the other are told once, not each.
                .filter(condition -> draft.shown(ConditionType.DEGRADED)
                        .filter(shown -> StatusDraft.has(shown, Reason.RECONCILIATION_FAILED))
                        .isEmpty())
                .ifPresent(condition -> draft.event(EventReason.RECONCILIATION_FAILED, condition.message()));
    }

    private static String time(PostgresClusterStatus before, String error, Instant now) {
        String known = before.lastErrorTime();
        return known != null && error.equals(before.lastError()) ? known : Conditions.time(now);
    }

    /**
     * The status after an attempt that failed as a whole: what was shown, and the error.
     *
     * @param attempt how many attempts in a row have failed, this one included
     * @param error on one line
     */
    public static PostgresClusterStatus failedAttempt(PostgresCluster cluster, int attempt, String error, Instant now) {
        PostgresClusterStatus shown = Objects.requireNonNullElseGet(
                cluster.getStatus(), () -> PostgresClusterStatus.builder().build());
        Conditions conditions =
                new Conditions(shown.conditions(), cluster.getMetadata().getGeneration(), now);
        String reason = Reason.RECONCILIATION_FAILED.label();
        conditions.add(ConditionType.RECONCILED.label(), false, reason, error);
        if (attempt > PATIENCE && shown.currentVersion() != null) {
            conditions.add(ConditionType.DEGRADED.label(), true, reason, error);
        }
        return shown.toBuilder()
                .conditions(conditions.replaced())
                .retryCount(attempt)
                .lastError(error)
                .lastErrorTime(Conditions.time(now))
                .build();
    }

    private static int attempts(PostgresClusterStatus shown) {
        return Objects.requireNonNullElse(shown.retryCount(), 0);
    }

    /** Whether one more failure is no longer explained by a cause that passes. */
    static boolean lasting(PostgresClusterStatus shown) {
        return attempts(shown) >= PATIENCE;
    }
}

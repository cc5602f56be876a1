package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Instant;
import java.util.Objects;

/** What the status says of reconciliations that fail, as a whole or in parts. */
public final class Failures {

    /** Type of the condition that names at once what failed. */
    static final String RECONCILED = "Reconciled";

    /** Reason of that condition, and of {@code Degraded} when it lasts. */
    static final String REASON = "ReconciliationFailed";

    /** So many attempts in a row may fail before the cluster counts as degraded: most causes pass. */
    private static final int PATIENCE = 5;

    private Failures() {}

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
        conditions.add(RECONCILED, false, REASON, error);
        if (attempt > PATIENCE && shown.currentVersion() != null) {
            conditions.add(ServiceConditions.DEGRADED, true, REASON, error);
        }
        return shown.toBuilder()
                .conditions(conditions.replaced())
                .retryCount(attempt)
                .lastError(error)
                .lastErrorTime(Conditions.time(now))
                .build();
    }

    /** How many attempts in a row have failed by then. */
    static int attempts(PostgresClusterStatus shown) {
        return Objects.requireNonNullElse(shown.retryCount(), 0);
    }

    /** Whether one more failure is no longer explained by a cause that passes. */
    static boolean lasting(PostgresClusterStatus shown) {
        return attempts(shown) >= PATIENCE;
    }
}

package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** When to reconcile a cluster again that no event wakes. A reconciliation that finds nothing to do sends no request. */
final class Requeue {

    /** What is not whole changes its name with time alone: Running to Recovering to Failed. */
    private static final Duration NOT_WHOLE = Duration.ofSeconds(5);

    /** A replica that is behind comes and goes by what is measured. */
    private static final Duration BEHIND = Duration.ofSeconds(10);

    private static final Duration CREATING = Duration.ofSeconds(5);

    /** A creation is looked at again after this part of the time it has taken: hundreds at once take minutes. */
    private static final int PART = 10;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);

    /** 5 s times 2 to this power is longer than the 5 minutes after which every cluster is looked at anyway. */
    private static final int LONGEST_RETRY_POWER = 6;

    /** By what part of it the time between two looks differs from cluster to cluster, at most. */
    private static final double SPREAD = 0.2;

    private Requeue() {}

    /**
     * How long until the next look.
     *
     * @param sincePhase for how long the cluster has been in this phase
     * @param whole a primary serves and no member is missing
     * @param behind a replica lags
     * @param outcomes what the steps answered
     * @param failures how many reconciliations in a row have failed in part
     * @param resync when nothing is under way
     */
    static Duration after(
            ClusterPhase phase,
            Duration sincePhase,
            boolean whole,
            boolean behind,
            Collection<Outcome> outcomes,
            int failures,
            Duration resync) {
        Duration byPhase = switch (phase) {
            case PENDING, CREATING -> sooner(Collections.max(List.of(CREATING, sincePhase.dividedBy(PART))), resync);
            case RECOVERING, DELETING -> Duration.ofSeconds(5);
            case UPDATING, SCALING -> Duration.ofSeconds(10);
            case DEGRADED -> Duration.ofSeconds(15);
            case RUNNING -> whole ? resync : NOT_WHOLE;
            case FAILED -> resync;
            case SUPERSEDED -> Duration.ofMinutes(5);
        };
        Duration usual = behind ? sooner(byPhase, BEHIND) : byPhase;
        return outcomes.stream()
                .filter(Outcome.Waiting.class::isInstance)
                .map(outcome -> ((Outcome.Waiting) outcome).recheck())
                .reduce(failures > 0 ? sooner(usual, retry(failures)) : usual, Requeue::sooner);
    }

    /** Twice the time after each failure, at first {@link #FIRST_RETRY}. */
    private static Duration retry(int failures) {
        return FIRST_RETRY.multipliedBy(1L << Math.min(failures - 1, LONGEST_RETRY_POWER));
    }

    /**
     * This time or somewhat less, always the same for one cluster. Hundreds of clusters that were looked at one right after the
     * other, as at a start, would be so for ever, and whoever changes one of them in such a moment would wait for all.
     *
     * @param uid of the cluster
     */
    static Duration spread(Duration time, String uid) {
        double share = (uid.hashCode() >>> 1) / (double) Integer.MAX_VALUE;
        return Duration.ofMillis(Math.round(time.toMillis() * (1 - SPREAD * share)));
    }

    private static Duration sooner(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}

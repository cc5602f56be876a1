package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** When to look again at a cluster that no event wakes. A look that finds nothing to do sends no request. */
final class Requeue {

    /** What is not whole changes its name with time alone: Running to Recovering to Failed. */
    private static final Duration NOT_WHOLE = Duration.ofSeconds(5);

    /** A replica that is behind comes and goes by what is measured. */
    private static final Duration BEHIND = Duration.ofSeconds(10);

    /** By what part of the time a look may be earlier or later. */
    private static final double SPREAD = 0.25;

    private Requeue() {}

    /**
     * How long until the next look.
     *
     * @param whole a primary serves and no member is missing
     * @param behind a replica lags
     * @param resync when nothing is under way
     */
    static Duration after(ClusterPhase phase, boolean whole, boolean behind, List<Outcome> outcomes, Duration resync) {
        Duration byPhase = switch (phase) {
            case PENDING, CREATING, RECOVERING, DELETING -> Duration.ofSeconds(5);
            case UPDATING, SCALING -> Duration.ofSeconds(10);
            case DEGRADED -> Duration.ofSeconds(15);
            case RUNNING -> whole ? resync : NOT_WHOLE;
            case FAILED -> resync;
            case SUPERSEDED -> Duration.ofMinutes(5);
        };
        return outcomes.stream()
                .filter(Outcome.Waiting.class::isInstance)
                .map(outcome -> ((Outcome.Waiting) outcome).recheck())
                .reduce(behind ? sooner(byPhase, BEHIND) : byPhase, Requeue::sooner);
    }

    /**
     * About this time. Hundreds of clusters that were looked at one right after the other, as at a start, would be so for ever,
     * and whoever changes one of them in such a moment would wait for all.
     */
    static Duration about(Duration time, RandomGenerator random) {
        return Duration.ofMillis((long) (time.toMillis() * random.nextDouble(1 - SPREAD, 1 + SPREAD)));
    }

    private static Duration sooner(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}

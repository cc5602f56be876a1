package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.List;

/** When to look again at a cluster that no event wakes. A look that finds nothing to do sends no request. */
final class Requeue {

    private Requeue() {}

    /** @param resync when nothing is under way */
    static Duration after(ClusterPhase phase, List<Outcome> outcomes, Duration resync) {
        Duration byPhase = switch (phase) {
            case PENDING, CREATING, RECOVERING, DELETING -> Duration.ofSeconds(5);
            case UPDATING, SCALING -> Duration.ofSeconds(10);
            case DEGRADED -> Duration.ofSeconds(15);
            case RUNNING, FAILED -> resync;
            case SUPERSEDED -> Duration.ofMinutes(5);
        };
        return outcomes.stream()
                .filter(Outcome.Waiting.class::isInstance)
                .map(outcome -> ((Outcome.Waiting) outcome).recheck())
                .reduce(byPhase, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }
}

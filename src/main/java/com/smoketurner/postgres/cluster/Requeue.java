package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Duration;
import java.util.List;

/** When to look again at a cluster that no event wakes. A look that finds nothing to do sends no request. */
final class Requeue {

    private Requeue() {}

    static Duration after(ClusterPhase phase, List<Outcome> outcomes) {
        Duration byPhase = Duration.ofSeconds(
                switch (phase) {
                    case PENDING, CREATING, RECOVERING, DELETING -> 5;
                    case UPDATING, SCALING -> 10;
                    case DEGRADED -> 15;
                    case RUNNING, FAILED -> 30;
                    case SUPERSEDED -> 300;
                });
        return outcomes.stream()
                .filter(Outcome.Waiting.class::isInstance)
                .map(outcome -> ((Outcome.Waiting) outcome).recheck())
                .reduce(byPhase, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }
}

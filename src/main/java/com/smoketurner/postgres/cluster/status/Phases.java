package com.smoketurner.postgres.cluster.status;

import static com.smoketurner.postgres.api.ClusterPhase.CREATING;
import static com.smoketurner.postgres.api.ClusterPhase.DEGRADED;
import static com.smoketurner.postgres.api.ClusterPhase.FAILED;
import static com.smoketurner.postgres.api.ClusterPhase.PENDING;
import static com.smoketurner.postgres.api.ClusterPhase.RECOVERING;
import static com.smoketurner.postgres.api.ClusterPhase.RUNNING;
import static com.smoketurner.postgres.api.ClusterPhase.SCALING;
import static com.smoketurner.postgres.api.ClusterPhase.SUPERSEDED;
import static com.smoketurner.postgres.api.ClusterPhase.UPDATING;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.cluster.run.Timeouts;

/** The phase of a cluster as a function of what is observed. The table of transitions is in docs/status.md. */
final class Phases {

    private final Timeouts timeouts;

    Phases(Timeouts timeouts) {
        this.timeouts = timeouts;
    }

    /** The phase that the facts lead to from the previous one. */
    ClusterPhase next(PhaseFacts facts) {
        if (facts.superseded()) {
            return SUPERSEDED;
        }
        if (failed(facts)) {
            return FAILED;
        }
        return switch (facts.previous()) {
            case PENDING -> facts.applied() ? creating(facts) : PENDING;
            case CREATING -> creating(facts);
            case RUNNING, DEGRADED -> serving(facts);
            case UPDATING, SCALING -> changing(facts);
            case FAILED -> facts.everRan() ? recovering(facts) : facts.applied() ? creating(facts) : PENDING;
            case RECOVERING, SUPERSEDED -> recovering(facts);
            case DELETING -> ClusterPhase.DELETING;
        };
    }

    private boolean failed(PhaseFacts facts) {
        boolean primaryGone = facts.everRan() && facts.noPrimaryFor().compareTo(timeouts.primaryUnavailable()) > 0;
        return facts.rejected() || facts.creationBlocked() || primaryGone;
    }

    private static ClusterPhase creating(PhaseFacts facts) {
        return facts.complete() && facts.streaming() ? RUNNING : CREATING;
    }

    private ClusterPhase serving(PhaseFacts facts) {
        if (outage(facts)) {
            return RECOVERING;
        }
        if (facts.countChanged()) {
            return SCALING;
        }
        if (facts.rolling() && !(facts.previous() == DEGRADED && stuck(facts))) {
            return UPDATING;
        }
        return settled(facts);
    }

    private ClusterPhase changing(PhaseFacts facts) {
        if (outage(facts)) {
            return RECOVERING;
        }
        if (facts.countChanged()) {
            return SCALING;
        }
        if (facts.complete() && facts.streaming() && facts.caughtUp()) {
            return facts.rolling() ? UPDATING : RUNNING;
        }
        return stuck(facts) ? DEGRADED : facts.previous();
    }

    /** A change has stopped: a member stays away for longer than any restart takes. */
    private boolean stuck(PhaseFacts facts) {
        return facts.incompleteFor().compareTo(timeouts.stuckChange()) > 0;
    }

    private ClusterPhase recovering(PhaseFacts facts) {
        if (!facts.primaryServes()) {
            return RECOVERING;
        }
        return facts.complete() ? RUNNING : facts.rolling() ? UPDATING : DEGRADED;
    }

    /** Where a cluster that serves and is asked for nothing new belongs. */
    private ClusterPhase settled(PhaseFacts facts) {
        if (facts.previous() == RUNNING) {
            return facts.incompleteFor().compareTo(timeouts.degradedAfter()) > 0 ? DEGRADED : RUNNING;
        }
        return facts.complete() ? RUNNING : facts.previous();
    }

    private boolean outage(PhaseFacts facts) {
        return !facts.primaryServes() && facts.noPrimaryFor().compareTo(timeouts.noPrimaryAfter()) > 0;
    }
}

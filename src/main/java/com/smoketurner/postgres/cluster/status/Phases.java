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

    /** The phase that the inputs lead to from the previous one. */
    ClusterPhase next(PhaseInputs inputs) {
        if (inputs.superseded()) {
            return SUPERSEDED;
        }
        if (failed(inputs)) {
            return FAILED;
        }
        if (inputs.upgrading() && inputs.previous() != ClusterPhase.DELETING) {
            return UPDATING; // However long that takes.
        }
        return switch (inputs.previous()) {
            case PENDING -> inputs.applied() ? creating(inputs) : PENDING;
            case CREATING -> creating(inputs);
            case RUNNING, DEGRADED -> serving(inputs);
            case UPDATING, SCALING -> changing(inputs);
            case FAILED -> inputs.everRan() ? recovering(inputs) : inputs.applied() ? creating(inputs) : PENDING;
            case RECOVERING, SUPERSEDED -> recovering(inputs);
            case DELETING -> ClusterPhase.DELETING;
        };
    }

    private boolean failed(PhaseInputs inputs) {
        boolean primaryGone = inputs.everRan()
                && !inputs.upgrading()
                && inputs.noPrimaryFor().compareTo(timeouts.primaryUnavailable()) > 0;
        return inputs.rejected() || inputs.creationBlocked() || primaryGone;
    }

    private static ClusterPhase creating(PhaseInputs inputs) {
        return inputs.complete() && inputs.streaming() ? RUNNING : CREATING;
    }

    private ClusterPhase serving(PhaseInputs inputs) {
        // Whoever has changed the spec takes the next Running for an answer, so it is not said of a cluster without a
        // primary.
        if (outage(inputs) || (inputs.specChanged() && !inputs.primaryServes())) {
            return RECOVERING;
        }
        if (inputs.countChanged()) {
            return SCALING;
        }
        if (inputs.rolling() && !(inputs.previous() == DEGRADED && stuck(inputs))) {
            return UPDATING;
        }
        return steady(inputs);
    }

    private ClusterPhase changing(PhaseInputs inputs) {
        // A large server needs longer than that to write its buffers down; what keeps it from starting is an outage.
        boolean planned = inputs.previous() == UPDATING && inputs.leaderRestarts();
        if (outage(inputs) && !planned) {
            return RECOVERING;
        }
        if (inputs.countChanged()) {
            return SCALING;
        }
        if (inputs.complete() && inputs.streaming() && inputs.caughtUp()) {
            return inputs.rolling() ? UPDATING : RUNNING;
        }
        return stuck(inputs) ? DEGRADED : inputs.previous();
    }

    /** A change has stopped: a member stays away for longer than any restart takes. */
    private boolean stuck(PhaseInputs inputs) {
        return inputs.incompleteFor().compareTo(timeouts.stuckChange()) > 0;
    }

    private ClusterPhase recovering(PhaseInputs inputs) {
        if (!inputs.primaryServes()) {
            return RECOVERING;
        }
        return inputs.complete() ? RUNNING : inputs.rolling() ? UPDATING : DEGRADED;
    }

    /** Where a cluster belongs that serves and for which nothing new is requested. */
    private ClusterPhase steady(PhaseInputs inputs) {
        if (inputs.previous() == RUNNING) {
            return inputs.incompleteFor().compareTo(timeouts.degradedAfter()) > 0 ? DEGRADED : RUNNING;
        }
        return inputs.complete() ? RUNNING : inputs.previous();
    }

    private boolean outage(PhaseInputs inputs) {
        return !inputs.primaryServes() && inputs.noPrimaryFor().compareTo(timeouts.noPrimaryAfter()) > 0;
    }
}

package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ClusterPhase;
import java.time.Duration;

/**
 * All that the phase of a cluster depends on.
 *
 * @param previous the phase shown so far
 * @param rejected the user must change something
 * @param superseded an upgrade has replaced the cluster
 * @param everRan the cluster was Running at least once
 * @param applied the objects of the cluster exist
 * @param creationBlocked members cannot be built, for a known cause
 * @param primaryServes a Ready member holds Patroni's leader key
 * @param leaderRestarts the server of the leader stops for a restart
 * @param upgrading the primary is stopped for a change to another major version
 * @param specChanged the spec is another one than when the status was last written
 * @param noPrimaryFor how long none has; zero while one does
 * @param ready members that are Ready
 * @param desired members requested
 * @param incompleteFor how long fewer than desired have been Ready; zero while all are
 * @param countChanged the number of members requested differs from the one last reached
 * @param rolling a change other than of the count is being rolled out
 * @param synced all pods run the current template and the kubelets have processed them
 * @param streaming all replicas receive the primary's changes as they happen
 * @param caughtUp those that the change has made are no further behind than a reader may be
 * @param phaseFor how long the previous phase has lasted
 */
record PhaseInputs(
        ClusterPhase previous,
        boolean rejected,
        boolean superseded,
        boolean everRan,
        boolean applied,
        boolean creationBlocked,
        boolean primaryServes,
        boolean leaderRestarts,
        boolean upgrading,
        boolean specChanged,
        Duration noPrimaryFor,
        int ready,
        int desired,
        Duration incompleteFor,
        boolean countChanged,
        boolean rolling,
        boolean synced,
        boolean streaming,
        boolean caughtUp,
        Duration phaseFor) {

    boolean complete() {
        return primaryServes && ready >= desired && synced;
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Phase of the lifecycle of a cluster. */
public enum ClusterPhase implements Labelled {
    PENDING("Pending", "accepted; nothing is created yet"),
    CREATING("Creating", "members are being created"),
    RUNNING("Running", "the primary accepts writes, and all members are Ready and run the current spec"),
    UPDATING("Updating", "a change other than the number of members is being rolled out"),
    SCALING("Scaling", "the number of members is changing"),
    DEGRADED("Degraded", "the primary serves, and fewer members than requested are Ready"),
    RECOVERING("Recovering", "no member serves as primary, or the cluster is on its way back from `Failed`"),
    FAILED("Failed", "the user has to change something; `status.lastError` and a condition say what"),
    SUPERSEDED("Superseded", "another cluster has replaced this one"),
    DELETING("Deleting", "the cluster is being deleted");

    private final String label;
    private final String meaning;

    ClusterPhase(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** The word in manifests and in status. */
    @Override
    @JsonValue
    public String label() {
        return label;
    }

    /** What is the case in this phase, as a clause in Markdown. */
    public String meaning() {
        return meaning;
    }

    /** Whether a primary takes writes in this phase. */
    public boolean serves() {
        return this == RUNNING || this == UPDATING || this == SCALING || this == DEGRADED;
    }
}

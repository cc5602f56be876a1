package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a cluster is in its life. */
public enum ClusterPhase {
    PENDING("Pending"),
    CREATING("Creating"),
    RUNNING("Running"),
    UPDATING("Updating"),
    SCALING("Scaling"),
    DEGRADED("Degraded"),
    RECOVERING("Recovering"),
    FAILED("Failed"),
    SUPERSEDED("Superseded"),
    DELETING("Deleting");

    private final String label;

    ClusterPhase(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

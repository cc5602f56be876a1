package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a database is in its life. */
public enum DatabasePhase {
    PENDING("Pending"),
    CREATING("Creating"),
    READY("Ready"),
    UPDATING("Updating"),
    FAILED("Failed"),
    DELETING("Deleting");

    private final String label;

    DatabasePhase(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

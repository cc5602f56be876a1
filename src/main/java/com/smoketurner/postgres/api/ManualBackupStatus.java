package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How far a backup on demand is. */
public enum ManualBackupStatus {
    PENDING("pending"),
    RUNNING("running"),
    COMPLETED("completed"),
    FAILED("failed");

    private final String label;

    ManualBackupStatus(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

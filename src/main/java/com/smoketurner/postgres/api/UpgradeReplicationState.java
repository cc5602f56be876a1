package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** State of the replication from source to target. */
public enum UpgradeReplicationState {
    NOT_CONFIGURED("NotConfigured"),
    SYNCING("Syncing"),
    ACTIVE("Active"),
    SYNCED("Synced"),
    STOPPED("Stopped"),
    ERROR("Error");

    private final String label;

    UpgradeReplicationState(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

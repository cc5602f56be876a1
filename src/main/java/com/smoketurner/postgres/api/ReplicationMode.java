package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How commits wait for replicas. */
public enum ReplicationMode {
    ASYNC("async"),
    SYNC("sync"),
    QUORUM("quorum");

    private final String label;

    ReplicationMode(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

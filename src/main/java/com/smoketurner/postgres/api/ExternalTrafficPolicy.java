package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which nodes answer traffic from outside. */
public enum ExternalTrafficPolicy {
    CLUSTER("Cluster"),
    LOCAL("Local");

    private final String label;

    ExternalTrafficPolicy(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

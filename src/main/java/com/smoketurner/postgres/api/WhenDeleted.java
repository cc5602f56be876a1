package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happens to the volumes when their cluster is deleted. */
public enum WhenDeleted {
    RETAIN("Retain"),
    DELETE("Delete");

    private final String label;

    WhenDeleted(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

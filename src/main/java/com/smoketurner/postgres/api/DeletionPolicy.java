package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** What happens to the database when its resource is deleted. */
public enum DeletionPolicy {
    RETAIN("Retain"),
    DELETE("Delete");

    private final String label;

    DeletionPolicy(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

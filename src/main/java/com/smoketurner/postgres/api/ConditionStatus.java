package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** The three states of a condition. */
public enum ConditionStatus {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String label;

    ConditionStatus(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

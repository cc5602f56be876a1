package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Who starts the cutover. */
public enum CutoverMode {
    MANUAL("Manual"),
    AUTOMATIC("Automatic");

    private final String label;

    CutoverMode(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

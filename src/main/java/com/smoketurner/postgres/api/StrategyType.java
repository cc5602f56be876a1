package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How an upgrade is done. */
public enum StrategyType {
    BLUE_GREEN("BlueGreen");

    private final String label;

    StrategyType(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

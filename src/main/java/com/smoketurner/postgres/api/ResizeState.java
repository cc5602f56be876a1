package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How far the in-place resize of a pod is. */
public enum ResizeState {
    NOT_IN_PROGRESS("NotInProgress"),
    PROPOSED("Proposed"),
    IN_PROGRESS("InProgress"),
    DEFERRED("Deferred"),
    INFEASIBLE("Infeasible");

    private final String label;

    ResizeState(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

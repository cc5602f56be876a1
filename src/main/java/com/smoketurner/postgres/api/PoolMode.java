package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** When PgBouncer gives a server connection back to its pool. */
public enum PoolMode {
    SESSION("session"),
    TRANSACTION("transaction"),
    STATEMENT("statement");

    private final String label;

    PoolMode(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

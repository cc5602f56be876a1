package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** The major versions of PostgreSQL this operator runs. */
public enum PostgresMajor {
    V15("15"),
    V16("16"),
    V17("17"),
    V18("18");

    private final String label;

    PostgresMajor(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

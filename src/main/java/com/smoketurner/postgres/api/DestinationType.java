package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** The kind of object store. */
public enum DestinationType {
    S3("S3"),
    GCS("GCS"),
    AZURE("Azure");

    private final String label;

    DestinationType(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

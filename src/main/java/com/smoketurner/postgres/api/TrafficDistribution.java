package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Which endpoints of a Service a connection goes to, of those that are ready. */
public enum TrafficDistribution {
    PREFER_CLOSE("PreferClose"),
    PREFER_SAME_ZONE("PreferSameZone"),
    PREFER_SAME_NODE("PreferSameNode");

    private final String label;

    TrafficDistribution(String label) {
        this.label = label;
    }

    /** The word in manifests. */
    @JsonValue
    public String label() {
        return label;
    }
}

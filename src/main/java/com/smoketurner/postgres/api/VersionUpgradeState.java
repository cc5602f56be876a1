package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How far a change to another major version is. */
public enum VersionUpgradeState {
    /** Something else has to end first. */
    WAITING("Waiting"),
    /** The servers run; it is found out whether the upgrade is possible. */
    CHECKING("Checking"),
    /** A base backup is taken, because there is no recent one. */
    BACKING_UP("BackingUp"),
    /** The primary stops. From here until {@link #REPLACING_REPLICAS} nobody can write. */
    STOPPING("Stopping"),
    /** pg_upgrade runs, and the new server is looked at where nobody else reaches it. */
    CONVERTING("Converting"),
    /** The new server becomes the primary. From here on there is no way back. */
    OPENING("Opening"),
    /** The new version serves; the replicas are copied from it one by one. */
    REPLACING_REPLICAS("ReplacingReplicas"),
    COMPLETED("Completed"),
    /** The former version is started again. */
    RETURNING("Returning"),
    /** It was not possible; the former version serves. */
    FAILED("Failed");

    private final String label;

    VersionUpgradeState(String label) {
        this.label = label;
    }

    /** The word in status. */
    @JsonValue
    public String label() {
        return label;
    }

    /** Whether nobody can write meanwhile, and nothing else is changed. */
    public boolean outage() {
        return this == STOPPING || this == CONVERTING || this == OPENING || this == RETURNING;
    }

    /** Whether nothing more happens. */
    public boolean over() {
        return this == COMPLETED || this == FAILED;
    }
}

package com.smoketurner.postgres.cluster.desired;

/** The two passwords of a cluster: what {@code <c>-credentials} holds and all else is derived from. */
public record Passwords(String superuser, String replication) {
    /** Passwords do not belong in logs. */
    @Override
    public String toString() {
        return "Passwords[]";
    }
}

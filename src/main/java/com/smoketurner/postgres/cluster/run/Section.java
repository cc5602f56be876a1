package com.smoketurner.postgres.cluster.run;

/** One topic of the status of a cluster: its conditions, its fields, and the events of its transitions. */
@FunctionalInterface
public interface Section {

    /** Writes what the reconciliation came to into the draft. */
    void write(ClusterReport report, StatusDraft draft);
}

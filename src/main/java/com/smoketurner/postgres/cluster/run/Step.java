package com.smoketurner.postgres.cluster.run;

/** Owner of one sub-resource of a cluster: of all its objects, of their deletion, and of what is said about them. */
public interface Step {

    /** Brings the sub-resource as far as it gets now. Runs at every reconciliation; what is there already costs nothing. */
    Outcome run(ClusterRun run);

    /** Whether later steps have to wait while this one waits. */
    default boolean gates() {
        return false;
    }
}

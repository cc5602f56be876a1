package com.smoketurner.postgres.cluster.run;

/** Owner of one part of a cluster: of all its objects, of their deletion, and of what the status says about it. */
public interface Step {

    /** The part it owns; no other step owns the same. */
    Part part();

    /** Brings the part as far as it gets now. Runs at every reconciliation; what is there already costs nothing. */
    Outcome run(ClusterRun run);
}

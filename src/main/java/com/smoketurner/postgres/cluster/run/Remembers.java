package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;

/**
 * A bean that keeps something about clusters in memory between two reconciliations. It may only save work: a restart of the
 * operator loses it, and docs/architecture.md lists what that costs. Beans of the cluster's packages that are none keep nothing.
 */
public interface Remembers {

    /** The cluster is gone: nothing about it or its members stays in memory. */
    void forget(PostgresCluster cluster);
}

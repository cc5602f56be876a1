package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;

/** Where the figures of each cluster go that the operator's metrics show. */
public interface ClusterGauges {

    /** Takes over what a cluster's status says. */
    void update(PostgresCluster cluster, PostgresClusterStatus status);

    /** Counts a change of the primary. */
    void failover(PostgresCluster cluster);

    /** Counts a reconciliation of which a part failed. */
    void failed(PostgresCluster cluster);

    /** Forgets a cluster that is gone. */
    void remove(PostgresCluster cluster);
}

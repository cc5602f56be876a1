package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The data does not depend on the operator: primaries are lost while it is down, and it only has to catch up. */
@ExtendWith(EndToEnd.class)
@Alone("the operator is down, a node is frozen")
@Tag(Alone.NODES)
class WithoutOperatorE2E {
    private final Namespace ns;

    WithoutOperatorE2E(Namespace ns) {
        this.ns = ns;
    }

    @Test
    @Acceptance(197)
    void failoversHappenAndAreNoticedLater() {
        Cluster cluster = ns.apply(Manifest.cluster("alone").replicas(3)).awaitPhase("Running");
        Failover.synchronous(cluster);
        String first = cluster.primary();
        Operator operator = new Operator(ns.lab(), ns.client());
        operator.scale(0);
        try {
            for (Disruption disruption : Disruption.values()) {
                Failover failover = Failover.run(cluster, disruption);
                System.out.printf(
                        "operator down, %s: longest time without a write %d ms%n",
                        disruption, failover.gap().length().toMillis());
                failover.verdict().orThrow();
            }
            assertThat(cluster.primary()).as("nobody writes the status").isEqualTo(first);
        } finally {
            operator.scale(1);
        }
        cluster.awaitPhase("Running");
        Waiting.until("the status catches up", Waiting.LONG, cluster::primary, Failover.leader(cluster)::equals);
    }
}

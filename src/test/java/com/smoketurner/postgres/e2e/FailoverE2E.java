package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.FailoverSlot;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A primary is lost in four ways under a writer at 20 Hz; nothing acknowledged is lost, and everything follows. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("a node is frozen")
@Tag(Alone.NODES)
class FailoverE2E {
    private final Cluster cluster;

    FailoverE2E(Namespace ns) {
        cluster = ns.cluster("ha");
    }

    @BeforeAll
    void create() {
        cluster.namespace()
                .apply(Manifest.cluster("ha").spec("version", "17").replicas(3))
                .awaitPhase("Running");
        Failover.synchronous(cluster);
    }

    private void survives(Disruption disruption) {
        cluster.awaitPhase("Running");
        int changes = cluster.eventCount("PrimaryChanged");
        Failover failover = Failover.run(cluster, disruption);
        System.out.printf(
                "%s: %s to %s, %d writes acknowledged, longest time without one %d ms%n",
                disruption,
                failover.oldPrimary(),
                failover.newPrimary(),
                failover.history().acknowledged().size(),
                failover.gap().length().toMillis());
        failover.verdict().orThrow();
        cluster.awaitPhase("Running");
        // The operator may have been on the node that was frozen, and has to come to lead again.
        Waiting.until("the status follows", Waiting.LONG, cluster::primary, Failover.leader(cluster)::equals);
        if (failover.newPrimary().equals(failover.oldPrimary())) {
            assertThat(disruption.mayKeepLeading()).isTrue();
            return;
        }
        Waiting.until(
                "the change of the primary is announced",
                Waiting.LONG,
                () -> cluster.eventCount("PrimaryChanged"),
                count -> count > changes);
        assertThat(cluster.awaitEvent("PrimaryChanged").getMessage()).contains(cluster.primary());
    }

    private void survivesWithItsSlot(Disruption disruption, String name) {
        Failover.awaitStreaming(cluster, 2);
        FailoverSlot slot = FailoverSlot.create(cluster, name);
        slot.awaitOnStandbys();
        slot.write("before");
        survives(disruption);
        Failover.awaitStreaming(cluster, 2);
        slot.assertGoesOn("before");
    }

    @Test
    @Acceptance(197)
    void podDeleted() {
        survivesWithItsSlot(Disruption.POD_DELETED, "handed_over");
    }

    @Test
    @Acceptance({197, 213})
    void podForceDeleted() {
        survives(Disruption.POD_FORCE_DELETED);
        String log = cluster.namespace()
                .kubectl("logs", cluster.primary(), "-c", "postgres")
                .orThrow();
        assertThat(log).containsIgnoringCase("promoted self to leader");
    }

    @Test
    @Acceptance(197)
    void containerKilled() {
        survives(Disruption.CONTAINER_KILLED);
    }

    @Test
    @Acceptance(197)
    void nodeFrozen() {
        survivesWithItsSlot(Disruption.NODE_FROZEN, "taken_over");
    }
}

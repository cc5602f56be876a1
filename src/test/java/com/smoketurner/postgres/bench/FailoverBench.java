package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Cluster;
import com.smoketurner.postgres.testing.EndToEnd;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How long a client that writes through {@code <c>-primary} at 20 Hz goes without an acknowledgement when the primary is
 * lost. Commits wait for a replica, so nothing acknowledged may be missing afterwards: that is counted too.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverBench {
    private static final int RUNS = Integer.getInteger("runs", 10);

    private final Cluster cluster;

    FailoverBench(Namespace ns) {
        cluster = ns.cluster("bench");
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster("bench").replicas(3)).awaitPhase("Running");
        Failover.synchronous(cluster);
    }

    @ParameterizedTest
    @EnumSource
    void longestGap(Disruption disruption) {
        List<Long> gaps = new ArrayList<>();
        int stayed = 0;
        int unclean = 0;
        for (int run = 0; run < RUNS; run++) {
            cluster.awaitPhase("Running");
            Failover failover = Failover.run(cluster, disruption);
            gaps.add(failover.gap().length().toMillis());
            stayed += failover.newPrimary().equals(failover.oldPrimary()) ? 1 : 0;
            unclean += failover.verdict().clean() ? 0 : 1;
        }
        List<Long> sorted = gaps.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "BENCH | %s | %d | %.2f | %.2f | %.2f | %d | %d |%n",
                disruption.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                RUNS,
                sorted.getFirst() / 1000.0,
                sorted.get(sorted.size() / 2) / 1000.0,
                sorted.getLast() / 1000.0,
                stayed,
                unclean);
    }
}

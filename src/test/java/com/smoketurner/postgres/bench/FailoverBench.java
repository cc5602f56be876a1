package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How long a client that writes through {@code <c>-primary} at 20 Hz goes without an acknowledgement when the primary is
 * lost. Commits wait for a replica, so nothing acknowledged may be missing afterwards: that is counted too.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailoverBench {
    private static final int RUNS = Integer.getInteger("runs", 10);

    /** Those to be measured; all if none is named. */
    private static final String LOSSES = System.getProperty("losses", "");

    private final Cluster cluster;

    FailoverBench(Namespace ns) {
        cluster = ns.cluster("bench");
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster("bench").replicas(3)).awaitPhase("Running");
        Failover.synchronous(cluster);
    }

    static Stream<Disruption> losses() {
        return Arrays.stream(Disruption.values())
                .filter(loss -> LOSSES.isEmpty() || Set.of(LOSSES.split(",")).contains(text(loss)));
    }

    private static String text(Disruption loss) {
        return loss.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    @ParameterizedTest
    @MethodSource("losses")
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
            if (disruption == Disruption.CONTAINER_KILLED) {
                replace(failover.oldPrimary());
            }
        }
        report(disruption, gaps, stayed, unclean);
    }

    /** A container that is killed again and again is restarted after growing pauses; that of a new pod is not. */
    private void replace(String pod) {
        cluster.namespace().kubectl("delete", "pod", pod).orThrow();
        Waiting.until(
                pod + " is back",
                Waiting.LONG,
                () -> cluster.status().path("readyReplicas").asInt(),
                ready -> ready == 3);
    }

    private static void report(Disruption disruption, List<Long> gaps, int stayed, int unclean) {
        List<Long> sorted = gaps.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "BENCH | %s | %d | %.2f | %.2f | %.2f | %d | %d |%n",
                text(disruption),
                RUNS,
                sorted.getFirst() / 1000.0,
                sorted.get(sorted.size() / 2) / 1000.0,
                sorted.getLast() / 1000.0,
                stayed,
                unclean);
    }
}

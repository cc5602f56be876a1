package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Synchronous replication comes and goes with the spec, and no rollout costs an acknowledged row. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SynchronousE2E {
    private static final String NAME = "synced";
    private static final int ROLLOUTS = Thorough.times(10, 3);

    private final Cluster cluster;

    SynchronousE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster(NAME).replicas(3)).awaitPhase("Running");
    }

    private String standbys() {
        return PatroniRecords.read(
                cluster.namespace().client(), cluster.namespace().name(), NAME + "-sync", "sync_standby");
    }

    private String synchronousOnes() {
        return cluster.exec(
                        Failover.leader(cluster),
                        "psql",
                        "-U",
                        "postgres",
                        "-XAtqc",
                        "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')")
                .out()
                .strip();
    }

    @Test
    @Order(1)
    void aRunningClusterBecomesSynchronous() {
        cluster.patch("{\"spec\":{\"replication\":{\"mode\":\"sync\"}}}");
        Waiting.until("a replica is synchronous", Waiting.SHORT, this::standbys, names -> names.startsWith(NAME));
        Waiting.until("the primary waits for it", Waiting.SHORT, this::synchronousOnes, "1"::equals);
        assertThat(standbys()).isNotEqualTo(cluster.primary());
    }

    @Test
    @Order(2)
    void thereMustBeAReplicaToWaitFor() {
        var refused = cluster.namespace().kubectl("scale", "pgc", NAME, "--replicas=1");
        assertThat(refused.ok()).isFalse();
        assertThat(refused.all()).contains("replication.minSync must be less than replicas");
    }

    /** Ten take eleven minutes on a quiet machine. */
    @Test
    @Order(3)
    @Timeout(value = 50, unit = TimeUnit.MINUTES)
    void rolloutsInARowLoseNothing() {
        var starts = new ArrayList<Instant>();
        try (var writer = Writer.start(cluster, Failover.leader(cluster), null)) {
            for (int i = 0; i < ROLLOUTS; i++) {
                starts.add(Instant.now());
                rollout();
                writer.awaitWriteAfter(Instant.now());
            }
            starts.add(Instant.now());
            History history = writer.stop();
            History.Verdict verdict = history.judge(writer.stored(Failover.leader(cluster)));
            System.out.printf(
                    "%d rollouts with synchronous replication: %d writes acknowledged, longest gaps %s%n",
                    ROLLOUTS, history.acknowledged().size(), gaps(history, starts));
            verdict.orThrow();
            assertThat(history.acknowledged()).hasSizeGreaterThan(ROLLOUTS);
        }
    }

    private void rollout() {
        List<String> before = uids();
        cluster.namespace().kubectl("rollout", "restart", "sts", NAME).orThrow();
        Waiting.until(
                "every member is a new pod",
                Waiting.LONG,
                this::uids,
                now -> now.size() == 3 && now.stream().noneMatch(before::contains));
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitPhase("Running");
    }

    private List<String> uids() {
        return cluster.pods().stream()
                .map(Pod::getMetadata)
                .map(m -> m.getUid())
                .toList();
    }

    private static List<Duration> gaps(History history, List<Instant> starts) {
        var gaps = new ArrayList<Duration>();
        for (int i = 0; i + 1 < starts.size(); i++) {
            Instant from = starts.get(i);
            Instant to = starts.get(i + 1);
            var part = history.attempts().stream()
                    .filter(a -> !a.answered().isBefore(from) && a.answered().isBefore(to))
                    .toList();
            gaps.add(new History(part, true).longestGap(from).length());
        }
        return gaps;
    }

    @Test
    @Order(4)
    void aQuorumOfTwo() {
        cluster.patch("{\"spec\":{\"replication\":{\"mode\":\"quorum\",\"minSync\":2}}}");
        Waiting.until(
                "both replicas may be waited for",
                Waiting.SHORT,
                this::standbys,
                names -> names.split(",").length == 2);
        Waiting.until("the primary waits for both", Waiting.SHORT, this::synchronousOnes, "2"::equals);
        var refused = cluster.namespace().kubectl("scale", "pgc", NAME, "--replicas=2");
        assertThat(refused.all()).contains("replication.minSync must be less than replicas");
    }

    @Test
    @Order(5)
    void takenOutOfTheSpecItEnds() {
        cluster.patch("{\"spec\":{\"replication\":null}}");
        Waiting.until("nobody is synchronous", Waiting.SHORT, this::synchronousOnes, "0"::equals);
        Waiting.until("nobody is called so", Waiting.SHORT, this::standbys, String::isEmpty);
        cluster.exec(cluster.primary(), "patronictl", "edit-config", "--force", "-s", "synchronous_mode=true")
                .orThrow();
        Waiting.until("set by hand it stays", Waiting.SHORT, this::synchronousOnes, "1"::equals);
        cluster.awaitPhase("Running");
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members come and go, and with them what depends on their number. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScalingE2E {
    private static final String NAME = "scaled";

    private final Cluster cluster;

    ScalingE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster(NAME).replicas(1)).awaitPhase("Running");
    }

    private void scale(int replicas) {
        cluster.patch("{\"spec\":{\"replicas\":%d}}".formatted(replicas));
    }

    /** Running with this many members, and never called anything else than scaling on the way. */
    private void awaitMembers(int count) {
        Waiting.until(
                NAME + " runs with " + count + " members",
                Waiting.LONG,
                cluster::status,
                status -> status.path("phase").asText().equals("Running")
                        && status.path("readyReplicas").asInt() == count
                        && cluster.pods().size() == count);
    }

    private void awaitBudget(int available) {
        Waiting.until(
                "the disruption budget follows",
                Waiting.SHORT,
                () -> cluster.namespace()
                        .get("pdb", NAME + "-pdb")
                        .at("/spec/minAvailable")
                        .asInt(-1),
                have -> have == available);
    }

    /** What a receiver calls streaming its sender may still call catching up. */
    private void awaitStreaming(String... members) {
        Waiting.until(
                "the primary streams to " + String.join(", ", members),
                Waiting.SHORT,
                this::streaming,
                names -> List.of(names.split(" ")).containsAll(List.of(members)));
    }

    private String streaming() {
        return cluster.sql(
                Failover.leader(cluster),
                "SELECT string_agg(application_name, ' ' ORDER BY application_name) FROM pg_stat_replication"
                        + " WHERE state = 'streaming'");
    }

    private int readers() {
        int count = 0;
        for (JsonNode subset :
                cluster.namespace().get("endpoints", NAME + "-repl").path("subsets")) {
            count += subset.path("addresses").size();
        }
        return count;
    }

    @Test
    @Order(1)
    @Acceptance({65, 66})
    void theFirstReplica() {
        scale(2);
        awaitMembers(2);
        Waiting.until("the primary streams to it alone", Waiting.SHORT, this::streaming, "scaled-1"::equals);
        Waiting.until("readers find the replica", Waiting.SHORT, this::readers, count -> count == 1);
        awaitBudget(1);
    }

    @Test
    @Order(2)
    @Acceptance({66, 67})
    void byTheCommandMadeForIt() {
        cluster.namespace().kubectl("scale", "pgc", NAME, "--replicas=3").orThrow();
        awaitMembers(3);
        awaitBudget(2);
        assertThat(cluster.namespace().get("pdb", NAME + "-pdb").at("/spec/selector/matchLabels"))
                .as("only PostgreSQL pods count")
                .hasToString("{\"app.kubernetes.io/component\":\"postgresql\",\"%s/cluster\":\"%s\"}"
                        .formatted(Project.GROUP, NAME));
    }

    @Test
    @Order(3)
    @Acceptance({60, 61, 66})
    void threeToFive() {
        try (var phases = new PhaseWatch(cluster)) {
            scale(5);
            Waiting.until(
                    "the number before is shown",
                    Waiting.SHORT,
                    cluster::status,
                    status -> status.path("phase").asText().equals("Scaling")
                            && status.path("previousReplicas").asInt() == 3);
            awaitMembers(5);
            // The watch may be a moment behind what was read.
            Waiting.untilAsserted(
                    "the phases are seen",
                    Waiting.SHORT,
                    () -> assertThat(phases.seen()).containsSubsequence("Scaling", "Running"));
            assertThat(phases.seen()).doesNotContain("Updating", "Recovering");
        }
        awaitStreaming("scaled-3", "scaled-4");
        assertThat(cluster.status().has("previousReplicas")).isFalse();
        awaitBudget(4);
    }

    @Test
    @Order(4)
    @Acceptance({62, 63, 68})
    void aPrimaryThatIsToGo() {
        String before = Failover.leader(cluster);
        cluster.exec(before, "patronictl", "switchover", NAME, "--candidate", "scaled-4", "--force")
                .orThrow();
        Waiting.until("scaled-4 leads", Waiting.SHORT, () -> Failover.leader(cluster), "scaled-4"::equals);
        cluster.awaitPhase("Running");
        Waiting.until("all others stream", Waiting.LONG, this::streaming, names -> names.split(" ").length == 4);
        try (var counts = new Counts(cluster);
                var writer = Writer.start(cluster, "scaled-4", null)) {
            scale(3);
            awaitMembers(3);
            assertThat(counts.seen()).as("members of the StatefulSet").containsExactly(5, 4, 3);
            var history = writer.stop();
            String leader = Failover.leader(cluster);
            assertThat(leader).isIn("scaled-0", "scaled-1", "scaled-2");
            history.judge(writer.stored(leader)).orThrow();
        }
        assertThat(cluster.namespace().list("pvc", Project.GROUP + "/cluster=" + NAME))
                .hasSize(5);
        Waiting.until(
                "the slots of those who went are gone",
                Waiting.SHORT,
                () -> cluster.sql(
                        Failover.leader(cluster),
                        "SELECT count(*) FROM pg_replication_slots WHERE slot_name IN ('scaled_3', 'scaled_4')"),
                "0"::equals);
        assertThat(cluster.eventCount("PrimaryChanged")).isPositive();
    }

    @Test
    @Order(5)
    @Acceptance(69)
    void aVolumeOfBeforeIsTakenAgain() {
        String leader = Failover.leader(cluster);
        cluster.sql(leader, "CREATE TABLE later AS SELECT 42 AS n");
        scale(5);
        // Before it is reached another number is asked for: what runs is led there.
        Waiting.until("scaled-3 is made", Waiting.SHORT, () -> cluster.pods().size(), count -> count > 3);
        scale(4);
        awaitMembers(4);
        awaitStreaming("scaled-3");
        // A scaling is over when a new member is no further behind than a reader may be.
        Waiting.until(
                "scaled-3 has replayed what it missed",
                Waiting.SHORT,
                () -> cluster.sql("scaled-3", "SELECT n FROM later"),
                "42"::equals);
    }

    @Test
    @Order(6)
    @Acceptance({64, 66})
    void downToOne() {
        scale(1);
        awaitMembers(1);
        awaitBudget(0);
        cluster.awaitEvent("HALost");
        assertThat(cluster.namespace().get("service", NAME + "-repl").isMissingNode())
                .isTrue();
        assertThat(cluster.status().at("/connectionInfo/replicas").isMissingNode())
                .isTrue();
        assertThat(cluster.sql(NAME + "-0", "SELECT n FROM later")).isEqualTo("42");
    }

    /** On its old volume it lacks what was written since, and its replay is held back at the first commit of that. */
    @Test
    @Order(7)
    @Acceptance(61)
    void aNewMemberThatIsBehindKeepsTheScalingOpen() {
        String leader = Failover.leader(cluster);
        cluster.patch("{\"spec\":{\"scaling\":{\"lagThresholdBytes\":1000000}}}");
        delayReplay("recovery_min_apply_delay=1h");
        cluster.sql(leader, "CREATE TABLE more (n int)");
        cluster.sql(leader, "INSERT INTO more SELECT generate_series(1, 100000)");
        awaitPastLoopsOfPatroni(cluster.sql(leader, "SELECT pg_current_wal_lsn() - '0/0'"));
        try (var phases = new PhaseWatch(cluster)) {
            scale(2);
            JsonNode status = Waiting.until(
                    "the new member is there, streams, and is behind",
                    Waiting.LONG,
                    cluster::status,
                    now -> now.path("readyReplicas").asInt() == 2
                            && now.path("all_pods_synced").asBoolean()
                            && now.at("/replicationLag/0/state").asText().equals("streaming")
                            && now.at("/replicationLag/0/exceedsThreshold").asBoolean());
            assertThat(status.path("phase").asText()).isEqualTo("Scaling");
            assertThat(status.path("previousReplicas").asInt()).isEqualTo(1);
            assertThat(cluster.awaitCondition("Progressing", "True", "Scaling").message())
                    .isEqualTo("waiting for scaled-1 to catch up");
            delayReplay("recovery_min_apply_delay=null");
            awaitMembers(2);
            assertThat(phases.seen()).endsWith("Scaling", "Running");
        }
        assertThat(cluster.sql("scaled-1", "SELECT count(*) FROM more")).isEqualTo("100000");
    }

    private void delayReplay(String setting) {
        cluster.exec(
                        Failover.leader(cluster),
                        "patronictl",
                        "edit-config",
                        "--force",
                        "-s",
                        "postgresql.recovery_conf." + setting)
                .orThrow();
    }

    /** A replica is compared with where the primary was by its record one loop of Patroni, and a little, before. */
    private void awaitPastLoopsOfPatroni(String position) {
        Waiting.until(
                "Patroni's record of the leader is as far",
                Waiting.SHORT,
                () -> Long.parseLong(PatroniRecords.read(
                        cluster.namespace().client(), cluster.namespace().name(), NAME, "optime")),
                recorded -> recorded >= Long.parseLong(position));
        Instant later = Instant.now().plusSeconds(10);
        Waiting.until("two loops of Patroni have passed", Waiting.SHORT, Instant::now, later::isBefore);
    }

    /** The numbers of members that the StatefulSet was told, in their order. */
    private static final class Counts implements Watcher<StatefulSet>, AutoCloseable {
        private final List<Integer> seen = new ArrayList<>();
        private final AutoCloseable watch;

        Counts(Cluster cluster) {
            watch = cluster.namespace()
                    .client()
                    .apps()
                    .statefulSets()
                    .inNamespace(cluster.namespace().name())
                    .withName(cluster.name())
                    .watch(this);
        }

        @Override
        public synchronized void eventReceived(Action action, StatefulSet set) {
            Integer count = set.getSpec().getReplicas();
            if (seen.isEmpty() || !seen.getLast().equals(count)) {
                seen.add(count);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            // What was seen so far stays; a test that misses a number says so.
        }

        synchronized List<Integer> seen() {
            return List.copyOf(seen);
        }

        @Override
        public void close() {
            try {
                watch.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

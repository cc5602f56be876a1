package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replica that is too far behind is not read from, and is again when it has caught up. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LagE2E {
    private static final String NAME = "behind";

    private final Cluster cluster;

    LagE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace()
                .apply(Manifest.cluster(NAME).replicas(2).spec("scaling", Map.of("lagThresholdBytes", 1_000_000)))
                .awaitPhase("Running");
    }

    private String replica() {
        return cluster.primary().equals(NAME + "-0") ? NAME + "-1" : NAME + "-0";
    }

    private JsonNode lag() {
        return cluster.status().path("replicationLag");
    }

    private void awaitReader(String label, int endpoints) {
        Waiting.until(
                "the replica has the label reader=" + label,
                Waiting.SHORT,
                () -> cluster.namespace()
                        .get("pod", replica())
                        .path("metadata")
                        .path("labels")
                        .path(Project.GROUP + "/reader")
                        .asText(),
                label::equals);
        Waiting.until(
                "the Service of the readers has as many endpoints",
                Waiting.SHORT,
                this::endpoints,
                n -> n == endpoints);
    }

    private int endpoints() {
        return cluster.namespace().list("endpointslice", "kubernetes.io/service-name=" + NAME + "-repl").stream()
                .mapToInt(slice -> slice.path("endpoints").size())
                .sum();
    }

    /** Patroni resumes a replay that somebody paused, unless it is paused itself. */
    private void pauseReplay() {
        cluster.exec(replica(), "patronictl", "pause", "--wait").orThrow();
        cluster.sql(replica(), "SELECT pg_wal_replay_pause()");
    }

    private void resumeReplay() {
        cluster.sql(replica(), "SELECT pg_wal_replay_resume()");
        cluster.exec(replica(), "patronictl", "resume", "--wait").orThrow();
    }

    private void write(String table) {
        cluster.sql(cluster.primary(), "CREATE TABLE %s AS SELECT generate_series(1, 100000) n".formatted(table));
    }

    @Test
    @Order(1)
    @Acceptance(148)
    void oneEntryForEachReplica() {
        Waiting.untilAsserted("nothing is behind", Waiting.SHORT, () -> {
            JsonNode status = cluster.status();
            assertThat(status.path("replicationLag")).hasSize(1);
            JsonNode entry = status.path("replicationLag").get(0);
            assertThat(entry.path("lagBytes").asLong(-1)).isZero();
            assertThat(entry.path("podName").asText()).isEqualTo(replica());
            assertThat(entry.path("lagTime").asText()).isEqualTo("0s");
            assertThat(entry.path("state").asText()).isEqualTo("streaming");
            assertThat(entry.path("exceedsThreshold").asBoolean(true)).isFalse();
            assertThat(status.path("replicasLagging").asBoolean(true)).isFalse();
            assertThat(status.path("maxReplicationLagBytes").asLong(-1)).isZero();
        });
        awaitReader("true", 1);
    }

    @Test
    @Order(2)
    @Acceptance(149)
    void aReplicaThatIsBehindInBytes() {
        pauseReplay();
        write("first");
        awaitReader("false", 0);
        cluster.awaitEvent("ReplicaExcluded");
        cluster.awaitEvent("NoEligibleReaders");
        Waiting.until(
                "the status says so",
                Waiting.SHORT,
                cluster::status,
                status -> status.path("replicasLagging").asBoolean()
                        && status.path("maxReplicationLagBytes").asLong() > 1_000_000
                        && status.path("replicationLag")
                                .get(0)
                                .path("exceedsThreshold")
                                .asBoolean());
        resumeReplay();
        awaitCaughtUp();
    }

    @Test
    @Order(3)
    @Acceptance(149)
    void aReplicaThatIsBehindInTime() {
        cluster.patch("{\"spec\":{\"scaling\":{\"lagThresholdBytes\":null,\"replicationLagThreshold\":\"12s\"}}}");
        pauseReplay();
        write("second");
        awaitReader("false", 0);
        Waiting.until(
                "the status says for how long",
                Waiting.SHORT,
                this::lag,
                lag -> Double.parseDouble(
                                lag.get(0).path("lagTime").asText("0s").replace("s", ""))
                        > 12);
        resumeReplay();
        awaitCaughtUp();
        assertThat(cluster.eventCount("ReplicaExcluded")).isEqualTo(2);
        // The label, which has been waited for, is set before the event is sent.
        Waiting.until(
                "the second inclusion is told",
                Waiting.SHORT,
                () -> cluster.eventCount("ReplicaIncluded"),
                count -> count == 2);
    }

    /** A server that is stopped while Patroni is paused stays so, and Patroni goes on writing the member's record. */
    @Test
    @Order(4)
    @Acceptance(151)
    void aMemberWithoutAPositionHidesOnlyItself() {
        cluster.patch("{\"spec\":{\"replicas\":3}}");
        Waiting.until(
                "three members run",
                Waiting.LONG,
                cluster::status,
                status -> status.path("phase").asText().equals("Running")
                        && status.path("readyReplicas").asInt() == 3);
        String silent = NAME + "-2";
        String other = replica();
        pauseReplay();
        cluster.exec(silent, "sh", "-c", "kill -INT \"$(head -n 1 \"$PGDATA/postmaster.pid\")\"")
                .orThrow();
        write("third");
        JsonNode lag = Waiting.until(
                "the lag of the other is shown beside a member that says nothing",
                Waiting.SHORT,
                this::lag,
                entries -> entry(entries, silent).path("state").asText().equals("stopped")
                        && entry(entries, other).path("exceedsThreshold").asBoolean());
        assertThat(cluster.exec(silent, "patronictl", "list").orThrow())
                .as("Patroni's own list")
                .contains("unknown");
        assertThat(entry(lag, silent).hasNonNull("lagBytes")).isFalse();
        assertThat(entry(lag, silent).hasNonNull("lagTime")).isFalse();
        assertThat(entry(lag, other).path("lagBytes").asLong()).isGreaterThan(1_000_000);
        assertThat(entry(lag, other).path("state").asText()).isEqualTo("streaming");
        resumeReplay();
        awaitReader("true", 2);
        Waiting.until(
                "nothing is behind",
                Waiting.SHORT,
                cluster::status,
                status -> !status.path("replicasLagging").asBoolean(true));
        cluster.awaitPhase("Running");
    }

    private static JsonNode entry(JsonNode entries, String pod) {
        for (JsonNode entry : entries) {
            if (entry.path("podName").asText().equals(pod)) {
                return entry;
            }
        }
        return MissingNode.getInstance();
    }

    private void awaitCaughtUp() {
        awaitReader("true", 1);
        cluster.awaitEvent("ReplicaIncluded");
        Waiting.until(
                "nothing is behind",
                Waiting.SHORT,
                cluster::status,
                status -> !status.path("replicasLagging").asBoolean(true));
        assertThat(cluster.phase()).isEqualTo("Running");
    }
}

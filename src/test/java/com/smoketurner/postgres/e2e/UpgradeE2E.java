package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.edits.PlanRun;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import com.smoketurner.postgres.testing.user.Upgrades;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster changes to another major version in place: what stands in the way is named before anything stops, and no row is lost. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeE2E {
    private static final String NAME = "aging";
    private static final Duration LIMIT = Duration.ofMinutes(6);

    private final Namespace ns;
    private final Cluster cluster;
    private final Upgrades upgrades;

    UpgradeE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        upgrades = new Upgrades(cluster);
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        ns.apply(manifest("15")).awaitPhase("Running");
        sql("CREATE EXTENSION pg_stat_statements");
        sql("CREATE TABLE content AS SELECT i AS id, repeat(i::text, 20) AS text FROM generate_series(1, 20000) i");
    }

    private static Manifest manifest(String version) {
        return Manifest.cluster(NAME)
                .with(version, "spec", "version")
                .replicas(3)
                .spec("backup", ObjectStore.backup(Backups.NEVER))
                .spec("pgbouncer", Map.of("enabled", true))
                .spec(
                        "postgresqlParams",
                        Map.of("shared_preload_libraries", "pg_stat_statements", "max_prepared_transactions", "10"));
    }

    private Command.Result plan(String version) {
        return PlanRun.of(
                manifest(version),
                List.of(
                        "-f",
                        "-",
                        "-n",
                        ns.name(),
                        "--kubeconfig",
                        ns.lab().kubeconfig().toString()));
    }

    private String sql(String statement) {
        return cluster.sql(cluster.primary(), statement);
    }

    /** Requested again where no replica was known to have caught up. */
    private void switchOver() {
        String primary = cluster.primary();
        String key = Project.GROUP + "/switchover";
        Waiting.until(
                "another primary",
                Waiting.LONG,
                () -> {
                    if (!cluster.json().path("metadata").path("annotations").has(key)
                            && Failover.leader(cluster).equals(primary)) {
                        ns.kubectl("annotate", "pgc", NAME, key + "=auto").orThrow();
                    }
                    return Failover.leader(cluster);
                },
                leader -> !leader.equals(primary));
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitPhase("Running");
    }

    @Test
    @Order(1)
    @Acceptance(89)
    void whatStandsInTheWayIsNamedWhileTheFormerVersionServes() {
        sql("BEGIN; INSERT INTO content VALUES (0, 'prepared'); PREPARE TRANSACTION 'open'");
        assertThat(plan("18").out()).contains("Rejected: VersionUpgradeCheckFailed", "prepared transactions");
        upgrades.request("18");
        var failed = cluster.awaitCondition("ConfigurationValid", "False", "VersionUpgradeCheckFailed");
        assertThat(failed.message()).contains("prepared transactions").contains("set spec.version back to \"15\"");
        cluster.awaitPhase("Failed");
        assertThat(sql("SHOW server_version_num")).startsWith("15");
        upgrades.request("15");
        cluster.awaitPhase("Running");
        assertThat(upgrades.shown().isMissingNode()).isTrue();
        sql("ROLLBACK PREPARED 'open'");
        assertThat(plan("18").out()).contains("nobody can write from here on", "open PostgreSQL 18 on", "no way back");
    }

    /** What no check finds: PostgreSQL 17 has moved that column elsewhere. */
    @Test
    @Order(2)
    void aConversionThatFailsEndsOnTheFormerVersion() {
        sql("CREATE VIEW statistics AS SELECT checkpoints_timed FROM pg_stat_bgwriter");
        try (var writer = Writer.several(cluster, cluster.primary(), false)) {
            upgrades.request("18");
            var failed = cluster.awaitCondition("ConfigurationValid", "False", "VersionUpgradeFailed");
            assertThat(failed.message()).contains("checkpoints_timed").contains("set spec.version back to \"15\"");
            upgrades.request("15");
            cluster.awaitPhase("Running");
            Failover.awaitStreaming(cluster, 2);
            var history = writer.stop();
            history.judge(writer.stored(cluster.primary())).orThrow();
        }
        assertThat(sql("SHOW server_version_num")).startsWith("15");
        sql("DROP VIEW statistics");
    }

    /** Clients of the pooler wait for as long as nobody can write. */
    @Test
    @Order(3)
    @Acceptance({87, 91})
    void theNewVersionServesAllRowsOnAllMembers() {
        switchOver();
        switchOver();
        String member = cluster.primary();
        try (var writer = Writer.several(cluster, member, true);
                var phases = new PhaseWatch(cluster)) {
            upgrades.request("18");
            JsonNode upgrade = upgrades.awaitEnd(LIMIT);
            assertThat(upgrade.path("state").asText()).as(upgrade.toString()).isEqualTo("Completed");
            cluster.awaitPhase("Running");
            var history = writer.stop();
            String primary = cluster.primary();
            history.judge(writer.stored(primary)).orThrow();
            System.out.printf(
                    "clients of the pooler: %d transactions, %d failed, longest latency %d ms%n",
                    history.attempts().size(),
                    history.failed().size(),
                    history.longestLatency(Instant.EPOCH).toMillis());
            assertThat(history.failed()).isEmpty();
            assertThat(phases.seen()).doesNotContain("Failed", "Recovering", "Degraded");
        }
        assertThat(cluster.status().path("currentVersion").asText()).isEqualTo("18");
        cluster.pods()
                .forEach(pod -> assertThat(cluster.sql(pod.getMetadata().getName(), "SHOW server_version_num"))
                        .startsWith("18"));
        assertThat(sql("SELECT count(*) FROM content")).isEqualTo("20000");
        assertThat(sql("SELECT count(*) > 0 FROM pg_stat_statements")).isEqualTo("t");
        Failover.awaitStreaming(cluster, 2);
        JsonNode backup = cluster.status().path("backup");
        assertThat(backup.path("path").asText()).endsWith("/18");
        assertThat(Instant.parse(backup.path("lastBackupTime").asText()))
                .isAfter(Instant.parse(upgrades.shown().path("servingAt").asText()));
    }

    @Test
    @Order(4)
    @Acceptance(88)
    void thereIsNoWayBackFromAVersionThatServes() {
        assertThat(ns.kubectl("patch", "pgc", NAME, "--type=merge", "-p", "{\"spec\":{\"version\":\"15\"}}")
                        .err())
                .contains("PostgreSQL version downgrades are not allowed. Current version: 18, requested: 15");
    }
}

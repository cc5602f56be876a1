package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import com.smoketurner.postgres.testing.user.Upgrades;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Upgrades of other clusters, from other versions, and one that somebody thinks better of. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("soak")
class UpgradeVariantsE2E {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    private final Namespace ns;

    UpgradeVariantsE2E(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    void prepare() {
        ObjectStore.prepare(ns);
    }

    private static void awaitCompleted(Upgrades upgrades) {
        JsonNode end = upgrades.awaitEnd(LIMIT);
        assertThat(end.path("state").asText()).as(end.toString()).isEqualTo("Completed");
        upgrades.cluster().awaitPhase("Running");
    }

    /** Without TLS, without backups, without anybody who has the data as well. */
    @Test
    void aSingleMemberWithTwoThousandTables() {
        Cluster cluster = ns.apply(
                Manifest.cluster("single").with("16", "spec", "version").noTls().replicas(1));
        cluster.awaitPhase("Running");
        var upgrades = new Upgrades(cluster);
        upgrades.createTables(2000);
        upgrades.request("17");
        awaitCompleted(upgrades);
        assertThat(cluster.eventCount("NoBackupBeforeUpgrade")).isEqualTo(1);
        assertThat(upgrades.tables()).isEqualTo("2000");
        assertThat(cluster.sql(cluster.primary(), "SHOW server_version_num")).startsWith("17");
    }

    /** The slot and its unread changes go along; the second replica is copied ten minutes later, as there is no backup. */
    @Test
    void aLogicalSlotOfSeventeenGoesAlong() {
        Cluster cluster = ns.apply(Manifest.cluster("slots")
                .with("17", "spec", "version")
                .replicas(3)
                .spec("postgresqlParams", Map.of("wal_level", "logical")));
        cluster.awaitPhase("Running");
        var upgrades = new Upgrades(cluster);
        cluster.sql(cluster.primary(), "SELECT pg_create_logical_replication_slot('events', 'test_decoding')");
        upgrades.request("18");
        awaitCompleted(upgrades);
        assertThat(cluster.sql(
                        cluster.primary(), "SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'"))
                .isEqualTo("events");
        Failover.awaitStreaming(cluster, 2);
    }

    @Test
    void whoThinksBetterOfItGetsTheFormerVersionWithAllRows() {
        Cluster cluster = ns.apply(Manifest.cluster("undecided")
                .with("15", "spec", "version")
                .replicas(2)
                .spec("backup", ObjectStore.backup(Backups.NEVER)));
        cluster.awaitPhase("Running");
        var upgrades = new Upgrades(cluster);
        upgrades.createTables(600);
        try (var writer = Writer.several(cluster, cluster.primary(), false)) {
            upgrades.request("17");
            Waiting.until("the data is converted", LIMIT, upgrades::state, "Converting"::equals);
            upgrades.request("15");
            Waiting.until(
                    "the former version is back",
                    LIMIT,
                    upgrades::state,
                    state -> !Set.of("Converting", "Returning").contains(state));
            Failover.awaitStreaming(cluster, 1);
            cluster.awaitPhase("Running");
            var history = writer.stop();
            history.judge(writer.stored(cluster.primary())).orThrow();
        }
        assertThat(cluster.sql(cluster.primary(), "SHOW server_version_num")).startsWith("15");
        cluster.awaitEvent("VersionUpgradeReturned");
        upgrades.request("17");
        awaitCompleted(upgrades);
    }
}

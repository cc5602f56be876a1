package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
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

/** WAL and base backups of a cluster in an object store, from the first archived file to retention and back to a restore. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupE2E {
    private static final String NAME = "saved";

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private String firstBackup = "";
    private String beforeTheLoss = "";

    BackupE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        ObjectStore.useKeyPair(ns, ns.name() + "-1");
        ns.apply(Manifest.cluster(NAME).noTls().replicas(2).spec("backup", ObjectStore.backup(Backups.NEVER)))
                .awaitPhase("Running");
    }

    private void sql(String statement) {
        cluster.sql(cluster.primary(), statement);
    }

    @Test
    @Order(1)
    @Acceptance({92, 100})
    void walIsArchivedFromTheBeginning() {
        JsonNode status = backups.await(
                "WAL is archived", s -> s.path("walArchivingHealthy").asBoolean());
        assertThat(status.path("enabled").asBoolean()).isTrue();
        assertThat(status.path("destinationType").asText()).isEqualTo("S3");
        String before = status.path("lastWalArchived").asText();
        sql("CREATE TABLE ledger (id int PRIMARY KEY, at timestamptz DEFAULT clock_timestamp())");
        sql("SELECT pg_switch_wal()");
        backups.await(
                "a later WAL file is archived",
                s -> s.path("lastWalArchived").asText().compareTo(before) > 0);
    }

    @Test
    @Order(2)
    @Acceptance({95, 99, 106, 109})
    void aBackupOnDemandIsTakenOnce() {
        sql("INSERT INTO ledger SELECT generate_series(1, 100)");
        JsonNode status = backups.take("one");
        firstBackup = status.path("lastBackupName").asText();
        assertThat(status.path("backupCount").asInt()).isEqualTo(1);
        assertThat(status.path("lastBackupSizeBytes").asLong()).isPositive();
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
        JsonNode window = backups.await(
                "the recovery window includes the backup",
                s -> !s.path("recoveryWindowEnd").isMissingNode()
                        && !Instant.parse(s.path("recoveryWindowEnd").asText())
                                .isBefore(Instant.parse(s.path("lastBackupTime").asText())));
        assertThat(Instant.parse(window.path("recoveryWindowStart").asText()))
                .isBeforeOrEqualTo(Instant.parse(window.path("lastBackupTime").asText()));
        assertThat(cluster.eventCount("ManualBackupCompleted")).isEqualTo(1);
        assertThat(backups.pgbackrest("info", "--output=json"))
                .contains(firstBackup)
                .contains("aes-256-cbc");
    }

    @Test
    @Order(3)
    @Acceptance(106)
    void theSameRequestDoesNotRunTwice() {
        String last = backups.status().path("lastBackupTime").asText();
        backups.request("one");
        JsonNode again = backups.take("two");
        assertThat(again.path("backupCount").asInt()).isEqualTo(2);
        assertThat(again.path("lastBackupTime").asText()).isGreaterThan(last);
    }

    @Test
    @Order(4)
    @Acceptance(108)
    void aWrongBucketIsSaidAndItsCorrectionTaken() {
        cluster.patch("{\"spec\":{\"backup\":{\"destination\":{\"bucket\":\"no-such-bucket\"}}}}");
        backups.await("the error is shown", s -> s.path("lastError").asText().contains("no-such-bucket"));
        assertThat(cluster.phase()).isEqualTo("Running");
        cluster.patch("{\"spec\":{\"backup\":{\"destination\":{\"bucket\":\"backups\"}}}}");
        backups.take("three");
        backups.await("the error is gone", s -> s.path("lastError").isMissingNode());
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
    }

    @Test
    @Order(5)
    @Acceptance({101, 104})
    void aDueBackupIsTakenAndRetentionDeletesTheOldest() {
        cluster.patch("{\"spec\":{\"backup\":{\"schedule\":\"* * * * *\",\"retention\":{\"count\":2}}}}");
        cluster.awaitEvent("BackupCompleted");
        cluster.patch("{\"spec\":{\"backup\":{\"schedule\":\"" + Backups.NEVER + "\"}}}");
        JsonNode status = backups.await(
                "two backups are left", s -> s.path("backupCount").asInt() == 2 && !s.has("currentBackup"));
        assertThat(status.path("oldestBackupTime").asText())
                .isGreaterThan(Instant.EPOCH.toString())
                .isNotEqualTo(status.path("lastBackupTime").asText());
        assertThat(cluster.events().stream()
                        .filter(e -> e.getReason().equals("BackupsDeleted"))
                        .toList())
                .anyMatch(e -> e.getMessage().contains(firstBackup));
    }

    @Test
    @Order(6)
    @Acceptance({112, 113, 120})
    void aRestoreToATimeHasWhatWasCommittedByThen() {
        sql("INSERT INTO ledger SELECT generate_series(1001, 1100)");
        beforeTheLoss = cluster.sql(
                cluster.primary(),
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        sql("DROP TABLE ledger");
        backups.awaitArchived(backups.switchWal());
        Cluster copy = ns.apply(Manifest.cluster("copy")
                .replicas(2)
                .spec("backup", ObjectStore.backup(Backups.NEVER))
                .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source")
                .with(Map.of("time", beforeTheLoss), "spec", "restore", "target"));
        copy.awaitPhase("Running");
        assertThat(copy.sql(copy.primary(), "SELECT count(*) FROM ledger")).isEqualTo("200");
        JsonNode restored = copy.status().path("restoredFrom");
        assertThat(restored.path("sourceType").asText()).isEqualTo("S3");
        assertThat(restored.path("sourcePrefix").asText()).isEqualTo("s3://backups/" + ns.name() + "/" + NAME);
        assertThat(restored.path("pitrTarget").asText()).isEqualTo(beforeTheLoss);
        assertThat(restored.path("restoreTime").asText()).isNotEmpty();
        assertThat(restored.path("backupName").asText()).isNotEmpty();
        // It archives to a path of its own, and has a backup at once.
        Waiting.until(
                "the restored cluster has a backup",
                Waiting.LONG,
                () -> copy.status().path("backup"),
                s -> s.path("backupCount").asInt() == 1
                        && s.path("walArchivingHealthy").asBoolean());
    }

    @Test
    @Order(7)
    @Acceptance(118)
    void aTargetInTheFutureIsRefused() {
        Cluster late = ns.apply(Manifest.cluster("late")
                .noTls()
                .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source")
                .with(Map.of("time", Instant.now().plusSeconds(86_400).toString()), "spec", "restore", "target"));
        late.awaitCondition("Ready", "False", "RestoreTargetUnreachable");
        assertThat(late.phase()).isEqualTo("Failed");
        ns.kubectl("delete", "pgc", "late", "--wait=false").orThrow();
    }

    @Test
    @Order(8)
    @Acceptance(110)
    void replacedCredentialsAreUsedWithoutARestart() {
        List<String> before = cluster.containers();
        ObjectStore.useKeyPair(ns, ns.name() + "-2");
        ObjectStore.revokeKeyPair(ns, ns.name() + "-1");
        backups.awaitArchived(backups.switchWal());
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
        assertThat(cluster.containers()).isEqualTo(before);
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Guide;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster that is lost comes back from its backups, again and again, and what cannot be restored is refused by name. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestoreE2E {
    private static final String NAME = "orders";
    private static final int MEMBERS = 3;
    private static final String[] SOURCE = {"spec", "restore", "source"};
    private static final String[] TARGET = {"spec", "restore", "target"};
    private static final List<String> SECRETS = List.of(
            ObjectStore.CREDENTIALS,
            ObjectStore.CA,
            ObjectStore.KEY,
            Guide.SOURCE_CREDENTIALS,
            Guide.DESTINATION_CREDENTIALS);

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private final List<String> names = new ArrayList<>();

    RestoreE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    /** The manifest of the cluster, whose backups are alone in their bucket. */
    private static Manifest manifest() {
        return Manifest.cluster(NAME)
                .noTls()
                .replicas(MEMBERS)
                .spec("backup", ObjectStore.backup(Backups.NEVER))
                .with(ObjectStore.GUIDES_BUCKET, "spec", "backup", "destination", "bucket")
                .with(true, "spec", "backup", "enableDeltaBackups");
    }

    /** With the guide's {@code restore.source}, which names no path. */
    private static Manifest from(Manifest manifest) {
        return reachable(manifest.with(Guide.restoreABackup().path("source"), SOURCE));
    }

    private static Manifest reachable(Manifest manifest) {
        return ObjectStore.reachable(manifest, SOURCE);
    }

    private static Manifest restored(String name) {
        return from(Manifest.cluster(name).noTls());
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        ObjectStore.credentials(ns, Guide.SOURCE_CREDENTIALS);
        ObjectStore.credentials(ns, Guide.DESTINATION_CREDENTIALS);
        ns.apply(manifest()).awaitPhase("Running");
        sql("CREATE TABLE ledger (id int PRIMARY KEY)");
    }

    private void sql(String statement) {
        cluster.sql(cluster.primary(), statement);
    }

    private void delete(String name, boolean volumes) {
        ns.kubectl("delete", "pgc", name, "--timeout=120s").orThrow();
        if (volumes) {
            ns.kubectl("delete", "pvc", "-l", "postgres-operator.smoketurner.com/cluster=" + name, "--timeout=120s")
                    .orThrow();
        }
    }

    private static String rows(Cluster of) {
        return of.sql(of.primary(), "SELECT count(*) FROM ledger");
    }

    @Test
    @Order(1)
    @Acceptance(105)
    void threeDeltasFollowAFullBackup() {
        for (int number = 1; number <= 5; number++) {
            sql("INSERT INTO ledger VALUES (%d)".formatted(number));
            names.add(backups.take("backup-" + number).path("lastBackupName").asText());
        }
        assertThat(names.stream().map(name -> name.substring(name.length() - 1)))
                .containsExactly("F", "I", "I", "I", "F");
    }

    @Test
    @Order(2)
    @Acceptance(111)
    @BadInput(26)
    void aPrefixOfALiveClusterIsRefused() {
        Cluster second = ns.apply(manifest()
                .with("second", "metadata", "name")
                .replicas(1)
                .with(ns.name() + "/" + NAME, "spec", "backup", "destination", "path"));
        var conflict = second.awaitCondition("BackupHealthy", "False", "BackupPathConflict");
        assertThat(conflict.message()).contains(ns.name()).contains(NAME);
        delete("second", true);
    }

    @Test
    @Order(3)
    @Acceptance({114, 116})
    void theEndOfANamedBackupIsRestoredFromTheOneRepositoryOfTheBucket() {
        Cluster copy = ns.apply(reachable(Manifest.cluster("copy")
                .noTls()
                .with(Guide.restoreABackup(), "spec", "restore")
                .with(names.get(2), "spec", "restore", "target", "backupName")));
        copy.awaitPhase("Running");
        assertThat(rows(copy)).isEqualTo("3");
        JsonNode from = copy.status().path("restoredFrom");
        assertThat(from.path("sourcePrefix").asText())
                .isEqualTo("s3://%s/%s/%s".formatted(ObjectStore.GUIDES_BUCKET, ns.name(), NAME));
        assertThat(from.path("backupName").asText()).isEqualTo(names.get(2));
        delete("copy", true);
    }

    /** The copy archives where the guide's backup manifest says. */
    @Test
    @Order(4)
    @Acceptance({112, 113, 120})
    void theGuidesManifestRestoresToATime() {
        String time = cluster.sql(
                cluster.primary(),
                "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        sql("CREATE TABLE later ()");
        backups.awaitArchived(backups.switchWal());
        Manifest guides = reachable(Guide.restoreToATime().with(Map.of("time", time), TARGET));
        Cluster copy = ns.apply(
                ObjectStore.reachable(guides.with(Guide.backup(), "spec", "backup"), "spec", "backup", "destination"));
        copy.awaitPhase("Running");
        assertThat(rows(copy)).isEqualTo("5");
        assertThat(copy.sql(copy.primary(), "SELECT to_regclass('later') IS NULL"))
                .isEqualTo("t");
        Failover.awaitStreaming(copy, MEMBERS - 1);
        new Backups(copy)
                .await(
                        "the copy archives and is backed up",
                        status -> status.path("walArchivingHealthy").asBoolean()
                                && status.path("backupCount").asInt() == 1);
        delete(copy.name(), true);
    }

    @Test
    @Order(5)
    @Acceptance(117)
    void anotherKeyIsRefusedAndNoEmptyClusterIsStarted() {
        ObjectStore.secret(ns, "other-key", Map.of("WALG_LIBSODIUM_KEY", ObjectStore.randomHex()));
        Cluster copy = ns.apply(restored("copy").with("other-key", "spec", "restore", "source", "encryptionKeySecret"));
        assertThat(copy.awaitCondition("Ready", "False", "RestoreSourceUnreadable")
                        .message())
                .contains("cannot be decrypted with this key");
        assertThat(copy.phase()).isEqualTo("Failed");
        copy.exec("copy-0", "sh", "-c", "test ! -e \"$PGDATA/PG_VERSION\"").orThrow();
        delete("copy", true);
    }

    @Test
    @Order(6)
    @BadInput(32)
    void aBackupThatIsNotThereIsRefusedWithThoseThatAre() {
        Cluster copy = ns.apply(restored("copy").with(Map.of("backupName", "20200101-000000F"), TARGET));
        assertThat(copy.awaitCondition("Ready", "False", "RestoreBackupNotFound")
                        .message())
                .contains("20200101-000000F")
                .contains(names.get(4));
        delete("copy", true);
    }

    @Test
    @Order(7)
    @Acceptance(123)
    void volumesThatAreLeftAreNotOverwritten() {
        sql("INSERT INTO ledger VALUES (6)");
        sql("SELECT pg_switch_wal()");
        delete(NAME, false);
        ns.apply(from(manifest()));
        var refused = cluster.awaitCondition("Ready", "False", "RestoreTargetNotEmpty");
        assertThat(refused.message()).contains("kubectl delete pvc");
        delete(NAME, false);
        ns.apply(manifest()).awaitPhase("Running");
        assertThat(rows(cluster)).isEqualTo("6");
        backups.awaitArchived(backups.switchWal());
    }

    @Test
    @Order(8)
    @Acceptance({115, 119, 120, 121})
    void aLostClusterComesBackUnderItsNameAndAgainAfterThat() {
        Manifest manifest = from(manifest());
        int losses = Thorough.times(4, 2);
        for (int loss = 1; loss <= losses; loss++) {
            if (loss % 2 == 1) {
                loseTheNamespace();
            } else {
                delete(NAME, true);
            }
            ns.apply(manifest).awaitPhase("Running");
            assertThat(rows(cluster)).isEqualTo(Integer.toString(5 + loss));
            Failover.awaitStreaming(cluster, MEMBERS - 1);
            backups.await(
                    "a backup is taken at once",
                    status -> status.path("backupCount").asInt() > 0
                            && status.path("lastBackupTime").asText().compareTo(restoreTime()) > 0);
            sql("INSERT INTO ledger VALUES (%d)".formatted(6 + loss));
            backups.awaitArchived(backups.switchWal());
        }
        JsonNode before = cluster.status().path("restoredFrom");
        ns.kubectl("delete", "pod", cluster.primary()).orThrow();
        cluster.awaitPhase("Running");
        Failover.awaitStreaming(cluster, MEMBERS - 1);
        assertThat(rows(cluster)).isEqualTo(Integer.toString(6 + losses));
        assertThat(cluster.status().path("restoredFrom")).isEqualTo(before);
    }

    /** With all that is in it; its user has the manifest of the cluster and the Secrets elsewhere. */
    private void loseTheNamespace() {
        var kept = new TreeMap<String, JsonNode>();
        SECRETS.forEach(name -> kept.put(name, ns.get("secret", name).path("data")));
        ns.lose();
        kept.forEach((name, data) -> ns.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: %s}
                data: %s
                """.formatted(name, data)));
    }

    private String restoreTime() {
        return cluster.status().at("/restoredFrom/restoreTime").asText();
    }
}

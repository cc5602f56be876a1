package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Restore tests of real backups: a good one passes, and each damage is named by the next test. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VerifyE2E {
    private static final String NAME = "tested";
    private static final String JOB = NAME + "-verify";
    private static final String GROUP = "postgres-operator.smoketurner.com/";

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;

    VerifyE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        var backup = new TreeMap<>(ObjectStore.backup(Backups.NEVER));
        backup.put("retention", Map.of("count", 1));
        backup.put(
                "verify",
                Map.of(
                        "schedule",
                        Backups.NEVER,
                        "timeout",
                        "10m",
                        "databaseChecks",
                        List.of(Map.of("query", rows(100)))));
        ns.apply(Manifest.cluster(NAME)
                        .noTls()
                        .replicas(1)
                        // So that the recovery window moves on during the test.
                        .spec("postgresqlParams", Map.of("archive_timeout", "10s"))
                        .spec("backup", backup))
                .awaitPhase("Running");
    }

    private static String rows(int atLeast) {
        return "SELECT 1 FROM ledger HAVING count(*) >= " + atLeast;
    }

    private void annotate(String key, String value) {
        ns.kubectl("annotate", "pgc", NAME, GROUP + key + "=" + value, "--overwrite")
                .orThrow();
    }

    /** Takes a backup. Retention deletes the others, unless damaged pages are found: then the one before stays. */
    private String backUp(String trigger, int left) {
        backups.request(trigger);
        return backups.await(
                        "backup " + trigger + " is there",
                        status -> Backups.ended(status, trigger, "completed")
                                && status.path("backupCount").asInt() == left)
                .path("lastBackupName")
                .asText();
    }

    /** A test to a time follows one of everything where there are times to choose from. */
    private JsonNode awaitWindow() {
        return backups.await(
                "the recovery window has a length",
                status -> Instant.parse(status.path("recoveryWindowEnd").asText())
                        .isAfter(
                                Instant.parse(status.path("recoveryWindowStart").asText())
                                        .plusSeconds(10)));
    }

    /** Requests a restore test and waits for its end. */
    private JsonNode verify(String trigger) {
        annotate("verify-backup", trigger);
        return backups.await(
                "restore test " + trigger + " has ended",
                status -> status.path("lastVerificationTrigger").asText().equals(trigger));
    }

    /** Requests a restore test that is to fail, and checks what is said of it. */
    private JsonNode finding(String trigger, String reason, String... words) {
        JsonNode status = verify(trigger);
        assertThat(status.path("verificationError").asText())
                .matches("(" + reason + "): .*")
                .contains(words)
                .contains("kubectl logs job/" + JOB);
        assertThat(cluster.awaitCondition("BackupVerified", "False", "VerificationFailed")
                        .message())
                .isEqualTo(status.path("verificationError").asText());
        assertThat(ns.kubectl("logs", "job/" + JOB).orThrow()).contains("\"result\": \"failed\"");
        return status;
    }

    private String sql(String statement) {
        return cluster.sql(cluster.primary(), statement);
    }

    /** A shell command in the member, with pgBackRest as $pgbackrest. */
    private String shell(String command) {
        String program = "pgbackrest --config=/etc/backup/pgbackrest.conf --repo1-path=/%s/%s/16 --stanza=main"
                .formatted(ns.name(), NAME);
        return cluster.exec(cluster.primary(), "sh", "-euc", "pgbackrest='" + program + "'; " + command)
                .orThrow()
                .strip();
    }

    /** Ends the present WAL file and waits until it is archived. */
    private String archive() {
        String segment = backups.switchWal();
        backups.awaitArchived(segment);
        return segment;
    }

    @Test
    @Order(1)
    void aGoodBackupPasses() {
        assertThat(cluster.awaitCondition("BackupVerified", "False", "NeverVerified")
                        .message())
                .contains("before the first base backup");
        sql("CREATE TABLE ledger (id int PRIMARY KEY, note text)");
        sql("CREATE TABLE quiet (id int PRIMARY KEY)");
        sql("INSERT INTO ledger SELECT generate_series(1, 100)");
        sql("INSERT INTO quiet SELECT generate_series(1, 1000)");
        String name = backUp("a", 1);
        JsonNode status = verify("one");
        assertThat(status.path("verificationError").asText()).isEmpty();
        assertThat(status.path("lastVerifiedBackup").asText()).isEqualTo(name);
        assertThat(status.path("lastVerificationTarget").asText()).isEqualTo("latest");
        assertThat(status.path("lastVerifiedDuration").isIntegralNumber()).isTrue();
        assertThat(status.path("measuredRpoSeconds").isIntegralNumber()).isTrue();
        cluster.awaitCondition("BackupVerified", "True", "Verified");
        assertThat(cluster.eventCount("VerificationStarted")).isEqualTo(1);
        assertThat(cluster.eventCount("VerificationCompleted")).isEqualTo(1);
        assertThat(ns.kubectl("logs", "job/" + JOB).orThrow())
                .contains(
                        "pg_checksums --check", "pg_amcheck --all", "pg_dump -Fc", "databaseChecks[0]", "\"verified\"");
    }

    @Test
    @Order(2)
    void theSameRequestDoesNotRunTwiceAndNeedsNoIdentity() {
        String uid = ns.get("job", JOB).path("metadata").path("uid").asText();
        cluster.patch("{\"spec\":{\"labels\":{\"team\":\"a\"}}}");
        Waiting.until(
                "the change is seen",
                Waiting.LONG,
                cluster::json,
                json -> json.at("/status/observedGeneration").asLong()
                        == json.at("/metadata/generation").asLong());
        assertThat(uid).isNotEmpty();
        assertThat(ns.get("job", JOB).path("metadata").path("uid").asText()).isEqualTo(uid);
        JsonNode pod = ns.list("pod", "job-name=" + JOB).getFirst().path("spec");
        assertThat(pod.path("containers").path(0).path("volumeMounts").toString())
                .doesNotContain("serviceaccount");
        assertThat(ns.list("endpointslice", "").toString()).doesNotContain(JOB);
    }

    @Test
    @Order(3)
    void aCheckWithoutARowIsAFindingAndTheTargetIsATime() {
        JsonNode window = awaitWindow();
        String verified = window.path("lastVerifiedTime").asText();
        check(rows(101));
        JsonNode status = finding("two", "CheckFailed", "databaseChecks[0]", "returned no row", "HAVING");
        assertThat(Instant.parse(status.path("lastVerificationTarget").asText()))
                .isBetween(
                        Instant.parse(status.path("recoveryWindowStart").asText()),
                        Instant.parse(status.path("recoveryWindowEnd").asText()));
        assertThat(status.path("lastVerifiedTime").asText()).isEqualTo(verified);
        assertThat(cluster.eventCount("VerificationFailed")).isEqualTo(1);
        check(rows(100));
    }

    private void check(String query) {
        cluster.patch(
                "{\"spec\":{\"backup\":{\"verify\":{\"databaseChecks\":[{\"query\":\"%s\"}]}}}}".formatted(query));
    }

    @Test
    @Order(4)
    void aMissingWalObjectIsNamed() {
        sql("INSERT INTO ledger SELECT generate_series(201, 300)");
        String segment = archive();
        sql("INSERT INTO ledger SELECT generate_series(301, 400)");
        archive();
        String folder = "archive/main/16-1/" + segment.substring(0, 16);
        shell("object=$($pgbackrest repo-ls %s --filter='^%s-'); $pgbackrest repo-rm %1$s/$object"
                .formatted(folder, segment));
        finding("three", "WalMissing", segment);
    }

    @Test
    @Order(5)
    void flippedBytesInADataObjectAreFound() {
        String name = backUp("b", 1);
        awaitWindow();
        shell("""
                object=backup/main/%s/bundle/1
                $pgbackrest repo-get --raw $object >/tmp/object
                middle=$(($(stat -c %%s /tmp/object) / 2))
                printf flipped | dd of=/tmp/object bs=1 seek=$middle conv=notrunc status=none
                $pgbackrest repo-put --raw $object </tmp/object
                rm /tmp/object
                """.formatted(name));
        finding("four", "BackupDamaged|BackupUnreadable", name);
    }

    @Test
    @Order(6)
    void aDamagedPageOfTheSourceIsFound() {
        sql("CHECKPOINT");
        shell("""
                file=$(psql -XAt -d postgres -c "SELECT pg_relation_filepath('quiet')")
                printf damaged | dd of=$PGDATA/$file bs=1 seek=5000 conv=notrunc status=none
                """);
        String name = backUp("c", 2);
        if (backups.status().path("lastVerificationTarget").asText().equals("latest")) {
            verify("spare"); // A time can be one before this backup; the next test is of the latest.
        }
        finding("five", "PageDamaged", "that is quiet in the database postgres");
        assertThat(backups.status().path("verificationError").asText()).contains(name);
        sql("DROP TABLE quiet");
    }

    @Test
    @Order(7)
    void anIndexWithoutARowIsFound() {
        sql("CREATE TABLE indexed (id int PRIMARY KEY)");
        sql("INSERT INTO indexed SELECT generate_series(1, 1000)");
        live(false);
        sql("INSERT INTO indexed VALUES (5000)");
        live(true);
        backUp("d", 1);
        finding("six", "IndexDamaged", "indexed_pkey", "lacks matching index tuple");
        sql("REINDEX TABLE indexed");
    }

    private void live(boolean live) {
        sql(
                "UPDATE pg_index SET indisready = %1$s, indisvalid = %1$s, indislive = %1$s WHERE indexrelid = 'indexed_pkey'::regclass"
                        .formatted(live));
    }

    @Test
    @Order(8)
    void aRepairedClusterIsVerifiedAgain() {
        String name = backUp("e", 1);
        JsonNode status = verify("seven");
        assertThat(status.path("verificationError").asText()).isEmpty();
        assertThat(status.path("lastVerifiedBackup").asText()).isEqualTo(name);
        cluster.awaitCondition("BackupVerified", "True", "Verified");
        assertThat(cluster.phase()).isEqualTo("Running");
    }

    @Test
    @Order(9)
    void aJobOfSomebodyElseIsLeftAlone() {
        ns.kubectl("delete", "job", JOB).orThrow();
        ns.apply("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s}
                spec:
                  suspend: true
                  template: {spec: {restartPolicy: Never, containers: [{name: other, image: other}]}}
                """.formatted(JOB));
        annotate("verify-backup", "eight");
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "ResourceConflict")
                        .message())
                .contains(JOB);
        assertThat(ns.get("job", JOB).path("spec").path("suspend").asBoolean()).isTrue();
        ns.kubectl("delete", "job", JOB).orThrow();
        ns.kubectl("annotate", "pgc", NAME, GROUP + "verify-backup-").orThrow();
        cluster.awaitPhase("Running");
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Base backups from replicas, and from the primary where no replica can take them. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReplicaBackupE2E {
    private static final long CLOSE = 1_000_000;
    private static final String NAME = "mirrored";
    private static final String ALONE = "alone";
    private static final String SWITCHOVER = "postgres-operator.smoketurner.com/switchover";
    private static final String JOB = "postgres-operator.smoketurner.com/backup-job";

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;

    ReplicaBackupE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    private static Map<String, Object> backup() {
        var backup = new TreeMap<>(ObjectStore.backup(Backups.NEVER));
        backup.put("backupFromReplica", true);
        return backup;
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        ns.apply(Manifest.cluster(ALONE).spec("backup", backup()));
        ns.apply(Manifest.cluster(NAME).replicas(3).spec("backup", backup())).awaitPhase("Running");
    }

    /** The message of an event that begins so. */
    private String awaitEvent(Cluster of, String reason, String begin) {
        return Waiting.until(
                "event " + reason + ": " + begin,
                Waiting.LONG,
                () -> of.events().stream()
                        .filter(event -> event.getReason().equals(reason))
                        .map(event -> event.getMessage())
                        .filter(message -> message.startsWith(begin))
                        .findFirst()
                        .orElse(""),
                message -> !message.isEmpty());
    }

    private String job(String member) {
        return ns.kubectl(
                        "get", "pod", member, "-o", "jsonpath={.metadata.annotations." + JOB.replace(".", "\\.") + "}")
                .orThrow();
    }

    @Test
    @Order(1)
    @Acceptance(103)
    void aBackupIsTakenByAReplica() {
        cluster.sql(cluster.primary(), "CREATE TABLE ledger AS SELECT generate_series(1, 100) AS id");
        String replica = awaitBegun("one");
        assertThat(replica).startsWith(NAME).isNotEqualTo(cluster.primary());
        String name =
                backups.awaitRequest("one", "completed").path("lastBackupName").asText();
        assertThat(name).isNotEmpty();
        assertThat(job(replica)).contains("\"state\":\"succeeded\"", "\"replica\":true");
        awaitEvent(cluster, "ManualBackupCompleted", "the full backup from the replica " + replica + " is complete");
        assertThat(cluster.eventCount("BackupFromPrimary")).isZero();
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
    }

    @Test
    @Order(2)
    @Acceptance(103)
    void aReplicaThatDoesNotReplayFallsBackToThePrimary() {
        List<String> replicas = replicas();
        signalReplay("STOP", replicas);
        String replica = awaitBegun("two");
        // Restoring the backup of the replica takes as long as this one waits for a replica that does not replay.
        restoreToTheEndOfTheArchive();
        awaitFallback(cluster.primary(), replica);
        backups.awaitRequest("two", "completed");
        signalReplay("CONT", replicas);
        awaitEvent(cluster, "ManualBackupCompleted", "the full backup from the primary " + cluster.primary());
        assertThat(job(cluster.primary())).contains("\"state\":\"succeeded\"", "\"replica\":false");
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
    }

    private List<String> replicas() {
        return cluster.replicas().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    /** Stops or continues replay by a signal to its process; Patroni would undo {@code pg_wal_replay_pause}. */
    private void signalReplay(String signal, List<String> members) {
        members.forEach(member -> cluster.exec(
                        member,
                        "sh",
                        "-c",
                        "kill -" + signal + " $(ps -eo pid,args | awk '/postgres: .*: [s]tartup/ {print $1; exit}')")
                .orThrow());
    }

    /** Requests a backup and waits until a replica has begun with it, whose name is returned. */
    private String awaitBegun(String trigger) {
        backups.request(trigger);
        String begun = "the backup requested by " + trigger + " has begun on ";
        String on = awaitEvent(cluster, "ManualBackupStarted", begun).substring(begun.length());
        assertThat(on).as("%s; %s", begun, cluster.events()).startsWith("the replica ");
        return on.substring("the replica ".length());
    }

    private void awaitFallback(String primary, String replica) {
        awaitEvent(
                cluster,
                "BackupFromPrimary",
                "the backup is taken from the primary %s: the backup from the replica %s failed"
                        .formatted(primary, replica));
    }

    private void restoreToTheEndOfTheArchive() {
        cluster.sql(cluster.primary(), "INSERT INTO ledger SELECT generate_series(101, 150)");
        backups.awaitArchived(backups.switchWal());
        Cluster copy = ns.apply(Manifest.cluster("copy")
                .noTls()
                .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source"));
        copy.awaitPhase("Running");
        assertThat(copy.sql(copy.primary(), "SELECT count(*) FROM ledger")).isEqualTo("150");
    }

    @Test
    @Order(3)
    @Acceptance(103)
    void aClusterWithoutReplicasIsBackedUpFromItsPrimary() {
        Cluster alone = ns.cluster(ALONE);
        new Backups(alone).take("one");
        awaitEvent(
                alone, "BackupFromPrimary", "the backup is taken from the primary alone-0: the cluster has no replica");
    }

    @Test
    @Order(4)
    @Acceptance(103)
    void aSwitchoverEndsABackupAndTheNewPrimaryTakesIt() {
        String former = cluster.primary();
        List<String> replicas = replicas();
        // They had stopped replaying: until they are close again, a backup is the primary's.
        Waiting.until(
                "the replicas have caught up",
                Waiting.LONG,
                () -> cluster.status().path("replicationLag"),
                lags -> lags.size() == replicas.size()
                        && StreamSupport.stream(lags.spliterator(), false)
                                .allMatch(lag -> lag.path("lagBytes").asLong(Long.MAX_VALUE) < CLOSE));
        signalReplay("STOP", replicas);
        String replica = awaitBegun("three");
        List<String> others =
                replicas.stream().filter(name -> !name.equals(replica)).toList();
        signalReplay("CONT", others);
        ns.kubectl("annotate", "pgc", NAME, SWITCHOVER + "=" + others.getFirst())
                .orThrow();
        String primary = cluster.awaitPrimaryOtherThan(former);
        signalReplay("CONT", List.of(replica));
        awaitFallback(primary, replica);
        backups.awaitRequest("three", "completed");
        awaitEvent(cluster, "ManualBackupCompleted", "the full backup from the primary " + primary);
    }
}

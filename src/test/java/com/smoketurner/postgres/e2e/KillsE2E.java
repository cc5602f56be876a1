package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.FaultyStore;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * SIGKILL to whatever takes part in a backup or a restore, at each step: it ends right and once. The store holds a request of that
 * step, so that the step lasts until the victim is dead.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone("the operator is killed")
@Tag("soak")
class KillsE2E {
    private static final String NAME = "hardy";
    private static final String ROWS = "100";

    /** A request by which the store knows a step; it is held until the victim is dead. */
    enum Step {
        BEGUN("GET ^[^?]*/backup/main/backup.info"),
        COPYING("PUT /backup/main/[^/]*F/"),
        COPIED("PUT /backup/main/[^/]*F/backup.manifest"),
        ENTERED("PUT /backup/main/backup.info"),
        FETCHING("GET /backup/main/[^/]*F/.*bundle"),
        REPLAYING("GET ^[^?]*/archive/main/16-1/.*-");

        private final String requests;

        Step(String requests) {
            this.requests = requests;
        }
    }

    /** What is killed; programs in the pod by a pattern of the shell for their command lines. */
    enum Victim {
        OPERATOR(""),
        POD(""),
        ENGINE(
                "pgbackrest\\ *\\ backup*|pgbackrest\\ *\\ restore*|pgbackrest\\ *\\ archive-get*|pgbackrest\\ *\\ info*"),
        JOB("*backup\\ start\\ *|*restore\\ bootstrap*|*engine-pgbackrest\\ *|pgbackrest\\ *"),
        SERVER("postgres\\ -D*|*/postgres\\ -D*");

        private final String commands;

        Victim(String commands) {
            this.commands = commands;
        }
    }

    record Kill(Step step, Victim victim) {
        /** As a part of a name. */
        private String slug() {
            return (step + "-" + victim).toLowerCase(Locale.ROOT);
        }
    }

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private final Operator operator;
    private FaultyStore store;

    @SuppressWarnings("NullAway.Init") // the store starts before the first test
    KillsE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
        operator = new Operator(ns.lab(), ns.client());
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        store = FaultyStore.start(ns);
        ns.apply(Manifest.cluster(NAME)
                        .noTls()
                        // Each backup ends a WAL file, and the server keeps 1 GB of them.
                        .with("4Gi", "spec", "storage", "size")
                        .spec("backup", ObjectStore.backup(Backups.NEVER))
                        .with(store.endpoint(), "spec", "backup", "destination", "endpoint"))
                .awaitPhase("Running");
        backups.take("first");
        cluster.sql(cluster.primary(), "CREATE TABLE ledger AS SELECT generate_series(1, %s) AS id".formatted(ROWS));
        backups.awaitArchived(backups.switchWal());
    }

    private static List<Kill> each(Set<Step> steps) {
        return steps.stream()
                .flatMap(step -> Stream.of(Victim.values()).map(victim -> new Kill(step, victim)))
                .toList();
    }

    static List<Kill> ofBackups() {
        return each(EnumSet.range(Step.BEGUN, Step.ENTERED));
    }

    /** The server runs only while it replays. */
    static List<Kill> ofRestores() {
        return each(EnumSet.of(Step.BEGUN, Step.FETCHING, Step.REPLAYING)).stream()
                .filter(kill -> kill.victim() != Victim.SERVER || kill.step() == Step.REPLAYING)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ofBackups")
    void aBackupIsCompleteOrHasFailed(Kill kill) {
        int before = backups.status().path("backupCount").asInt();
        int ended = ended();
        store.fail(kill.step().requests + " hold");
        backups.request(kill.slug());
        store.awaitFault();
        kill(kill.victim(), cluster);
        store.heal();
        JsonNode status = backups.await(
                "the backup has ended",
                now -> Backups.ended(now, kill.slug(), "completed") || Backups.ended(now, kill.slug(), "failed"));
        boolean completed = status.path("lastManualBackupStatus").asText().equals("completed");
        System.out.printf("%s: completed %s%n", kill, completed);
        if (kill.victim() == Victim.OPERATOR) {
            assertThat(completed).as("nothing happened to the backup").isTrue();
        }
        backups.await(
                "it counts only if it is complete",
                now -> now.path("backupCount").asInt() == before + (completed ? 1 : 0) && !now.has("currentBackup"));
        assertThat(stored()).hasSize(before + (completed ? 1 : 0));
        assertThat(ended()).isEqualTo(ended + 1);
        if (!completed) {
            assertThat(status.path("lastError").asText()).contains("the last backup failed");
            Waiting.until(
                    "the server takes connections",
                    Waiting.SHORT,
                    () -> cluster.exec(cluster.primary(), "pg_isready").ok(),
                    ready -> ready);
            backups.take("after-" + kill.slug());
        }
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
    }

    /** How often the end of a requested backup was told. */
    private int ended() {
        return cluster.eventCount("ManualBackupCompleted") + cluster.eventCount("ManualBackupFailed");
    }

    /** The backups that the engine itself finds. */
    private List<JsonNode> stored() {
        return Json.list(Json.parse(backups.pgbackrest("info", "--output=json")).at("/0/backup"));
    }

    @ParameterizedTest
    @MethodSource("ofRestores")
    void aRestoreIsCarriedOutOnce(Kill kill) {
        store.fail(kill.step().requests + " hold");
        Cluster copy = ns.apply(Manifest.cluster("copy-" + kill.slug())
                .noTls()
                .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source")
                .with(store.endpoint(), "spec", "restore", "source", "endpoint"));
        store.awaitFault();
        kill(kill.victim(), copy);
        store.heal();
        copy.awaitPhase("Running");
        assertThat(copy.sql(copy.primary(), "SELECT count(*) FROM ledger")).isEqualTo(ROWS);
        assertThat(copy.status().at("/restoredFrom/restoreTime").asText()).isNotEmpty();
        assertThat(copy.eventCount("RestoreStarted")).isEqualTo(1);
        assertThat(copy.eventCount("RestoreCompleted")).isEqualTo(1);
        // A program that lists the backups and is killed is taken for a source that cannot be read now.
        boolean listing = kill.step() == Step.BEGUN
                && EnumSet.of(Victim.ENGINE, Victim.JOB).contains(kill.victim());
        assertThat(copy.eventCount("RestoreFailed")).isLessThanOrEqualTo(listing ? 1 : 0);
        ns.kubectl("delete", "pgc", copy.name(), "--wait=false").orThrow();
    }

    private void kill(Victim victim, Cluster of) {
        var pod = of.pods().getFirst();
        switch (victim) {
            case OPERATOR -> operator.kill();
            case POD -> ns.client().resource(pod).withGracePeriod(0).delete();
            case ENGINE, JOB, SERVER ->
                assertThat(of.exec(pod.getMetadata().getName(), "sh", "-c", """
                                for process in /proc/[0-9]*; do
                                    [ "$process" != "/proc/$$" ] || continue
                                    case $(tr '\\0' ' ' <"$process/cmdline" 2>/dev/null) in
                                        %s) kill -9 "${process#/proc/}" && echo "$process" ;;
                                    esac
                                done
                                true""".formatted(victim.commands))
                                .orThrow())
                        .as("what was killed")
                        .isNotEmpty();
        }
    }
}

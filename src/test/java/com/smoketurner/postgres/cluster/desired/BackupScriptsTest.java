package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the programs for backups do around an engine. The engine here is a stand-in, so nothing is said about backups: those are
 * proven on pgBackRest.
 */
class BackupScriptsTest {
    private static final String SEGMENT = "00000001000000000000000A";
    private static final String CLAIM = "{\"uid\":\"u\",\"namespace\":\"team-a\",\"name\":\"orders\"}";

    @TempDir
    Path temp;

    private Path own;
    private Path root;
    private Path settings;
    private Path calls;
    private final Map<String, String> env = new TreeMap<>();

    @BeforeEach
    void install() throws IOException {
        own = Files.createDirectory(temp.resolve("own"));
        for (var script : Scripts.all().entrySet()) {
            executable(own.resolve(script.getKey()), script.getValue());
        }
        root = Files.createDirectory(temp.resolve("pgroot"));
        Files.createDirectories(root.resolve("data/pg_wal/archive_status"));
        settings = Files.createDirectory(temp.resolve("settings"));
        calls = temp.resolve("calls");
        for (var file : Map.of("engine", "fake", "revision", "r1", "claimed", "u", "archiving", "on", "heartbeat", "0")
                .entrySet()) {
            Files.writeString(settings.resolve(file.getKey()), file.getValue());
        }
        env.put("PATH", own + ":/usr/bin:/bin");
        env.put("PGROOT", root.toString());
        env.put("PGDATA", root.resolve("data").toString());
        env.put("REPOSITORY", settings.toString());
        env.put("SAID", temp.resolve("said").toString());
        env.put("RETRY", "0");
        executable(
                own.resolve("annotate"),
                "#!/bin/sh\nprintf '%%s\\n' \"$*\" >>%s\n".formatted(temp.resolve("annotations")));
        engine("");
    }

    @Test
    void nothingIsArchivedBeforeTheDestinationIsConfirmed() throws Exception {
        Files.delete(settings.resolve("claimed"));
        var result = execute("archive-wal", "pg_wal/" + SEGMENT, "pgbackrest");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output()).contains("not yet confirmed").contains(SEGMENT);
        assertThat(calls).doesNotExist();
        assertThat(root.resolve(".backup/archive-error")).doesNotExist();
    }

    @Test
    void archivingSucceedsOnlyWithTheEngineAndKeepsWhatHappened() throws Exception {
        engine("echo WARN: before; echo 'ERROR: [049]: away' >&2; exit 2");
        assertThat(execute("archive-wal", "pg_wal/" + SEGMENT, "pgbackrest").exit())
                .isEqualTo(1);
        assertThat(state("archive-error").lines().skip(1)).containsExactly("ERROR: [049]: away");

        engine("");
        assertThat(execute("archive-wal", "pg_wal/" + SEGMENT, "pgbackrest").exit())
                .isZero();
        assertThat(calls).content().endsWith("push pg_wal/" + SEGMENT + "\n");
        assertThat(root.resolve(".backup/archive-error")).doesNotExist();
        assertThat(state("archived")).matches(SEGMENT + " \\d+\n");

        execute("archive-wal", "pg_wal/00000002.history", "pgbackrest");
        assertThat(state("archived")).as("a history is no WAL").startsWith(SEGMENT);
    }

    @Test
    void aServerThatStopsDoesNotWaitForAStoreThatIsAway() throws Exception {
        engine("exit 2");
        execute("archive-wal", "pg_wal/" + SEGMENT, "pgbackrest");
        Files.writeString(root.resolve("data/postmaster.pid"), "1\nstopping\n");
        execute("archive-wal", "pg_wal/" + SEGMENT, "pgbackrest");
        assertThat(calls).content().hasLineCount(1);
    }

    @Test
    void aStandbyTakesEveryFailureForTheEndOfTheArchive() throws Exception {
        for (int exit : List.of(1, 2, 65)) {
            Files.deleteIfExists(root.resolve(".backup/get-failed"));
            engine("exit " + exit);
            assertThat(execute("restore-wal", SEGMENT, "pg_wal/RECOVERYXLOG").exit())
                    .isEqualTo(1);
        }
        assertThat(calls).content().doesNotContain("archive").hasLineCount(3);
    }

    /** A promotion waits for the answer. */
    @Test
    void aStandbyLeavesAStoreThatDoesNotAnswerAlone() throws Exception {
        engine("echo limit $ENGINE_LIMIT >>%s; exit 2".formatted(calls));
        execute("restore-wal", "00000002.history", "x");
        assertThat(execute("restore-wal", "00000003.history", "x").exit()).isEqualTo(1);
        assertThat(calls).content().contains("limit 5").doesNotContain("00000003");

        Files.setLastModifiedTime(
                root.resolve(".backup/get-failed"), FileTime.from(Instant.now().minusSeconds(90)));
        engine("exit 0");
        assertThat(execute("restore-wal", "00000002.history", "x").exit()).isZero();
        assertThat(root.resolve(".backup/get-failed")).doesNotExist();
    }

    @Test
    void theEngineIsToldHowLongARestoreWaits() throws Exception {
        restoring();
        env.put("RESTORE_TIMEOUT", "30");
        engine("echo limit $ENGINE_LIMIT >>%s".formatted(calls));
        assertThat(execute("restore-wal", SEGMENT, "pg_wal/RECOVERYXLOG").exit())
                .isZero();
        assertThat(calls).content().contains("limit 30");
    }

    @Test
    void aStandbyReadsNothingBeforeThePlaceIsClaimed() throws Exception {
        Files.delete(settings.resolve("claimed"));
        engine("exit 0");
        assertThat(execute("restore-wal", SEGMENT, "x").exit()).isEqualTo(1);
        assertThat(calls).doesNotExist();
    }

    @Test
    void aRestoreEndsWhereTheArchiveEnds() throws Exception {
        restoring();
        engine("[ $1 = get ] && exit 1; echo '{\"1\":{\"min\":\"%1$s\",\"max\":\"%1$s\"}}'"
                .formatted("000000010000000000000009"));
        assertThat(execute("restore-wal", SEGMENT, "pg_wal/RECOVERYXLOG").exit())
                .isEqualTo(1);
        assertThat(execute("restore-wal", "00000002.history", "pg_wal/RECOVERYHISTORY")
                        .exit())
                .isEqualTo(1);
        assertThat(temp.resolve("why")).doesNotExist();
    }

    @Test
    void aRestoreStopsAtASegmentThatIsMissing() throws Exception {
        restoring();
        engine(
                "[ $1 = get ] && exit 1; echo '{\"1\": {\"min\": \"000000010000000000000001\", \"max\": \"0000000100000001000000A0\"},"
                        + " \"2\": {\"min\": \"000000020000000000000001\", \"max\": \"000000020000000000000001\"}}'");
        assertThat(execute("restore-wal", SEGMENT, "pg_wal/RECOVERYXLOG").exit())
                .isEqualTo(126);
        assertThat(temp.resolve("why"))
                .content()
                .isEqualTo("missing\nWAL segment " + SEGMENT
                        + " is missing in the archive, which goes on to 0000000100000001000000A0\n");
        assertThat(execute("restore-wal", "00000002000000000000000A", "x").exit())
                .as("after the last of its timeline")
                .isEqualTo(1);
    }

    @Test
    void aRestoreStopsWhenTheStoreStaysAwayAndGoesOnWhenItIsBack() throws Exception {
        restoring();
        engine("echo away >&2; exit 2");
        assertThat(execute("restore-wal", SEGMENT, "x").exit()).isEqualTo(126);
        assertThat(temp.resolve("why")).content().isEqualTo("store\naway\n");
        assertThat(calls).content().hasLineCount(5);

        engine("[ $(wc -l <%s) -ge 8 ] || exit 2".formatted(calls));
        assertThat(execute("restore-wal", SEGMENT, "x").exit()).isZero();
        assertThat(temp.resolve("why")).doesNotExist();

        engine("echo noise >&2; exit 65");
        assertThat(execute("restore-wal", SEGMENT, "x").exit()).isEqualTo(126);
        assertThat(temp.resolve("why")).content().startsWith("damaged\n");
    }

    @Test
    void aListingThatFailsIsNotTheEndOfTheArchive() throws Exception {
        restoring();
        engine("[ $1 = get ] && exit 1; echo away >&2; exit 2");
        assertThat(execute("restore-wal", SEGMENT, "x").exit()).isEqualTo(126);
        assertThat(temp.resolve("why")).content().isEqualTo("store\naway\n");
    }

    private void restoring() {
        env.put("RESTORE", temp.resolve("why").toString());
    }

    @Test
    void aBackupIsAJobThatOutlivesTheCall() throws Exception {
        var go = temp.resolve("go");
        engine("[ $1 != backup ] || until [ -e %s ]; do sleep 0.02; done".formatted(go));
        assertThat(start("one", "full", "r1")).isEqualTo(new ScriptRun(0, ""));
        await("state", "running");
        assertThat(start("one", "full", "r1").exit()).as("the same job").isZero();
        var other = start("two", "delta", "r1");
        assertThat(other.exit()).isEqualTo(16);
        assertThat(other.output()).isEqualTo("backup: job one runs\n");

        Files.createFile(go);
        await("state", "succeeded");
        assertThat(start("one", "full", "r1").exit()).as("a job that is over").isZero();
        assertThat(calls).content().isEqualTo("init\nbackup full one\n");
        assertThat(annotations())
                .contains("\"id\":\"one\"", "\"state\":\"running\"", "\"state\":\"succeeded\"", "\"exitCode\":0");
    }

    @Test
    void aReplicaIsToldItsPrimaryAndMakesNothingInTheRepository() throws Exception {
        engine("echo $PRIMARY >>%s".formatted(calls));
        execute("backup", "start", "--id", "r", "--type", "full", "--revision", "r1", "--primary", "c-0.c.ns.svc");
        await("state", "succeeded");
        assertThat(calls).content().isEqualTo("backup full r\nc-0.c.ns.svc\n");
        assertThat(annotations()).contains("\"replica\":true");
    }

    @Test
    void aBackupDuringWhichThePrimaryChangedHasFailed() throws Exception {
        psql("if [ -e %1$s ]; then echo '7|t|2'; else echo '7|t|1'; touch %1$s; fi".formatted(temp.resolve("asked")));
        execute("backup", "start", "--id", "r", "--type", "full", "--revision", "r1", "--primary", "c-0.c.ns.svc");
        await("state", "failed");
        assertThat(annotations()).contains("another server became the primary during the backup");
    }

    @Test
    void aBackupThatHangsWhenThePrimaryChangesIsEnded() throws Exception {
        env.put("LOOK", "0.1");
        psql("if [ -e %1$s ]; then echo '7|t|2'; else echo '7|t|1'; touch %1$s; fi".formatted(temp.resolve("asked")));
        engine("timeout 600 sleep 600");
        execute("backup", "start", "--id", "r", "--type", "full", "--revision", "r1", "--primary", "c-0.c.ns.svc");
        await("state", "failed");
        assertThat(annotations()).contains("another server became the primary during the backup");
        assertThat(execute("flock", "-w", "5", root.resolve(".backup/lock").toString(), "true")
                        .exit())
                .as("nothing holds the lock of the job")
                .isZero();
    }

    @Test
    void anEngineThatHasSaidItsLastWordAndDoesNotEndIsEnded() throws Exception {
        env.put("LOOK", "0.1");
        psql("echo '7|f|1'");
        engine("echo 'P00   INFO: backup command end: aborted'; sleep 600; echo 'ERROR: the reason' >&2; exit 3");
        start("one", "full", "r1");
        await("state", "failed");
        assertThat(annotations()).contains("the reason");
    }

    @Test
    void aBackupThatAPrimaryHasCompletedStaysComplete() throws Exception {
        psql("if [ -e %1$s ]; then echo '7|f|2'; else echo '7|f|1'; touch %1$s; fi".formatted(temp.resolve("asked")));
        start("one", "full", "r1");
        await("state", "succeeded");
    }

    @Test
    void aReplicaWithoutAConnectionHasNoOtherTimeline() throws Exception {
        psql("if [ -e %1$s ]; then echo '7|t|'; else echo '7|t|1'; touch %1$s; fi".formatted(temp.resolve("asked")));
        execute("backup", "start", "--id", "r", "--type", "full", "--revision", "r1", "--primary", "c-0.c.ns.svc");
        await("state", "succeeded");
    }

    @Test
    void thePrimaryArchivesTheEndOfABackupOfAReplicaOnce() throws Exception {
        Files.createDirectories(root.resolve(".backup"));
        psql("echo psql >>%s; echo f; echo %s".formatted(calls, SEGMENT));
        engine("echo '[]'");
        Files.writeString(root.resolve(".backup/archived"), SEGMENT + " 1772366400\n");
        for (int i = 0; i < 2; i++) {
            assertThat(execute("backup", "list", "--after", "r").exit()).isZero();
        }
        assertThat(calls).content().containsOnlyOnce("psql").startsWith("psql\nlist\n");
        execute("backup", "list", "--after", "s");
        assertThat(calls).content().contains("owner-read\npsql\n");
    }

    @Test
    void membersServeEachOtherAsLongAsTheSettingsAskForIt() throws Exception {
        Path tls = Files.createDirectory(temp.resolve("tls"));
        Files.writeString(tls.resolve("tls.crt"), "certificate");
        Files.writeString(tls.resolve("tls.key"), "key");
        Files.writeString(tls.resolve("issuer.crt"), "of somebody else");
        String authority = "5b3975651c3cab92d044c096dc30a1c2d9525497457472de48c51ecb363d1f4a";
        Files.writeString(settings.resolve("pgbackrest.conf"), "# authority=%s\n".formatted(authority));
        env.put("TLS", tls.toString());
        env.put("POD_IP", "10.0.0.1");
        executable(own.resolve("pgbackrest"), """
                #!/bin/sh
                echo "$*" >>%1$s
                trap 'echo reload >>%1$s' HUP
                trap 'echo end >>%1$s; exit' TERM
                : >%2$s
                while :; do /bin/sleep 0.02; done
                """.formatted(calls, temp.resolve("up")));
        // What happens before each look.
        executable(own.resolve("sleep"), """
                #!/bin/sh
                echo x >>looks
                case $(wc -l <looks) in
                    2) printf own >%1$s/issuer.crt ;;
                    3) until [ -e up ]; do /bin/sleep 0.02; done; echo renewed >%1$s/tls.crt ;;
                    4) until grep -q reload %2$s; do /bin/sleep 0.02; done; : >%3$s/pgbackrest.conf ;;
                    5) until grep -q end %2$s; do /bin/sleep 0.02; done; exit 1 ;;
                esac
                """.formatted(tls, calls, settings));
        assertThat(execute("serve-backups").exit()).isZero();
        assertThat(calls)
                .content()
                .matches("--config=\\S+/pgbackrest.conf .*--tls-server-address=10.0.0.1 server\nreload\nend\n");
    }

    private void psql(String body) throws IOException {
        executable(own.resolve("psql"), "#!/bin/sh\n" + body + "\n");
    }

    @Test
    void aBackupWaitsForItsSettings() throws Exception {
        assertThat(start("one", "full", "r2"))
                .isEqualTo(new ScriptRun(75, "backup: settings have not arrived yet: the revision is r1, not r2\n"));
        assertThat(root.resolve(".backup")).doesNotExist();
    }

    @Test
    void aJobThatFailsSaysWhy() throws Exception {
        engine(
                "[ $1 = init ] || { echo 'WARN: x' >&2; echo 'ERROR: [082]: \"not\" archived' >&2; echo '  HINT: y' >&2; exit 2; }");
        start("one", "delta", "r1");
        await("state", "failed");
        assertThat(annotations())
                .contains("\"exitCode\":2", "\"error\":\"ERROR: [082]: \\\"not\\\" archived HINT: y\"");
    }

    @Test
    void backupsAreDeletedByNameBeforeTheirWal() throws Exception {
        execute("backup", "start", "--id", "e", "--type", "expire", "--names", "A,B", "--revision", "r1");
        await("state", "succeeded");
        assertThat(calls).content().isEqualTo("list\ndelete A\ndelete B\ntrim\n");
    }

    @Test
    void aJobWithoutAProcessHasFailed() throws Exception {
        Files.createDirectories(root.resolve(".backup"));
        Files.createFile(root.resolve(".backup/lock"));
        Files.writeString(root.resolve(".backup/job.json"), """
                {"id": "one", "type": "full", "state": "running", "startedAt": "2026-03-01T12:00:00Z"}""");
        Files.createFile(root.resolve("data/standby.signal"));
        watch(3);
        assertThat(annotations()).contains("\"state\":\"failed\"", "ended without a word");
        assertThat(annotations().lines()).as("said once").hasSize(1);
    }

    @Test
    void aContainerThatStartsKnowsThatItsFormerJobIsDead() throws Exception {
        Files.createDirectories(root.resolve(".backup"));
        Files.writeString(root.resolve(".backup/job.json"), """
                {"id": "one", "type": "full", "state": "running", "startedAt": "2026-03-01T12:00:00Z"}""");
        for (String program : List.of("patroni", Scripts.SERVE_BACKUPS, Scripts.WATCH_ARCHIVE, Scripts.WATCH_STORAGE)) {
            executable(own.resolve(program), "#!/bin/sh\n");
        }
        env.putAll(ScriptRun.image(root));
        assertThat(execute("run").exit()).isZero();
        assertThat(state("job.json")).contains("\"state\": \"failed\"", "the container was restarted");
    }

    @Test
    void aListingIsAllThatIsKnownOfARepository() throws Exception {
        engine("""
                case $1 in
                    list) echo '[{"label": "b"}]' ;;
                    histories) printf '%%s\\n' '{"2": "1\\t0/A\\tx"}' ;;
                    archive) echo '{"1": {"min": "a", "max": "b"}}' ;;
                    owner-read) echo '%s' ;;
                esac""".formatted(CLAIM));
        assertThat(execute("backup", "list"))
                .isEqualTo(new ScriptRun(
                        0,
                        ("{\"engine\": \"fake\", \"backups\": [{\"label\": \"b\"}], \"histories\": {\"2\": \"1\\t0/A\\tx\"},"
                                        + " \"archive\": {\"1\": {\"min\": \"a\", \"max\": \"b\"}}, \"owner\": %s}\n")
                                .formatted(CLAIM.replace(":", ": ").replace(",", ", "))));

        engine("echo 'ERROR: away' >&2; exit 2");
        assertThat(execute("backup", "list")).isEqualTo(new ScriptRun(2, "ERROR: away\n"));
    }

    /** The exec of the operator gives no end of file. */
    @Test
    void aClaimIsOneLine() throws Exception {
        engine("cat >>%s".formatted(calls));
        env.put("CLAIM", CLAIM);
        assertThat(execute("sh", "-c", "mkfifo f; exec 3<>f; echo \"$CLAIM\" >&3; backup claim <&3")
                        .exit())
                .isZero();
        assertThat(calls).content().isEqualTo("owner-write\n" + CLAIM + "\n");
    }

    @Test
    void thePrimarySaysHowItsArchivingGoes() throws Exception {
        Files.createFile(root.resolve("data/postmaster.pid"));
        Files.createDirectories(root.resolve(".backup"));
        Files.writeString(root.resolve(".backup/archived"), SEGMENT + " 1772366400\n");
        watch(3);
        assertThat(annotations())
                .isEqualTo(
                        "archive {\"last\":\"" + SEGMENT + "\",\"lastAt\":\"2026-03-01T12:00:00Z\",\"failing\":false,"
                                + "\"error\":null,\"failedAt\":null,\"waiting\":0,\"waitingSince\":null,\"end\":null,"
                                + "\"left\":null,\"fullAt\":null}\n");

        Files.delete(temp.resolve("annotations"));
        Files.writeString(root.resolve(".backup/archive-error"), "1772366460\nERROR: \"away\"\n\tHINT: \\");
        var ready = Files.createFile(root.resolve("data/pg_wal/archive_status/00000001000000000000000B.ready"));
        assertThat(execute("touch", "-d", "2026-03-01T12:00:30Z", ready.toString())
                        .exit())
                .isZero();
        watch(2);
        assertThat(annotations())
                .contains(
                        "\"failing\":true,\"error\":\"ERROR: \\\"away\\\"  HINT: \\\\\",\"failedAt\":\"2026-03-01T12:01:00Z\"",
                        "\"waiting\":1,\"waitingSince\":\"2026-03-01T12:00:30Z\"");
    }

    @Test
    void thePrimaryForetellsWhenWaitingWalHasFilledTheVolume() throws Exception {
        Files.createFile(root.resolve("data/postmaster.pid"));
        Files.createDirectories(root.resolve(".backup"));
        Files.writeString(root.resolve(".backup/archive-error"), "1772366460\nERROR: away");
        Files.createFile(root.resolve("data/pg_wal/archive_status/" + SEGMENT + ".ready"));
        // A minute passes with each look, and the volume fills by 1000 of 10000 kB until it is larger.
        executable(own.resolve("date"), """
                #!/bin/sh
                [ "$1" = +%%s ] || exec /bin/date "$@"
                echo x >>%1$s/minutes
                echo $((1772366400 + 60 * $(wc -l <%1$s/minutes)))
                """.formatted(temp));
        executable(own.resolve("df"), """
                #!/bin/sh
                used=$((1000 * $(wc -l <%1$s/minutes))) size=10000
                [ "$used" -lt 8000 ] || size=40000
                printf 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda %%s %%s %%s 1%%%% /\n' \
                    $size $used $((size - used))
                """.formatted(temp));
        watch(8);
        assertThat(annotations().lines())
                .satisfiesExactly(
                        first -> assertThat(first).contains("\"left\":null,\"fullAt\":null"),
                        known -> assertThat(known).endsWith("\"left\":480,\"fullAt\":\"2026-03-01T12:10:00Z\"}"),
                        halved -> assertThat(halved).contains("\"left\":180"),
                        larger -> assertThat(larger).contains("\"left\":1920"));
    }

    @Test
    void aStandbySaysNothingOfArchiving() throws Exception {
        Files.createFile(root.resolve("data/postmaster.pid"));
        Files.createFile(root.resolve("data/standby.signal"));
        Files.createDirectories(root.resolve(".backup"));
        Files.writeString(root.resolve(".backup/archived"), SEGMENT + " 1772366400\n");
        watch(2);
        assertThat(temp.resolve("annotations")).doesNotExist();
        assertThat(root.resolve(".backup/archived"))
                .as("of its time as the primary")
                .doesNotExist();
    }

    @Test
    void theEndOfTheWindowIsTheHeartbeatThatWasArchived() throws Exception {
        Files.createFile(root.resolve("data/postmaster.pid"));
        Files.writeString(settings.resolve("heartbeat"), "300");
        Files.createDirectories(root.resolve(".backup"));
        Files.writeString(root.resolve(".backup/archived"), SEGMENT + " 1772366400\n");
        executable(
                own.resolve("psql"),
                "#!/bin/sh\necho psql >>%s\nprintf '%%s 0/1\\n00000001000000000000000B\\n' $(date +%%s)\n"
                        .formatted(calls));
        watch(3);
        assertThat(calls).content().as("one at a time").isEqualTo("psql\n");
        assertThat(annotations()).contains("\"end\":null");

        var beat = state("heartbeat").split(" ", -1)[0];
        Files.writeString(root.resolve(".backup/archived"), "00000001000000000000000B 1772366460\n");
        watch(1);
        assertThat(state("end")).isEqualTo(beat + "\n");
        assertThat(annotations().lines().skip(1).findFirst().orElseThrow()).doesNotContain("\"end\":null");
    }

    /** Looks that often. */
    private void watch(int rounds) throws Exception {
        var left = temp.resolve("rounds");
        Files.writeString(left, "x".repeat(rounds));
        executable(own.resolve("sleep"), """
                #!/bin/sh
                [ "$1" = 10 ] || exit 0
                [ -s %1$s ] && truncate -s -1 %1$s
                """.formatted(left));
        execute("watch-archive");
    }

    private ScriptRun start(String id, String type, String revision) throws Exception {
        return execute("backup", "start", "--id", id, "--type", type, "--revision", revision);
    }

    private void await(String field, String value) throws Exception {
        var wanted = "\"%s\":\"%s\"".formatted(field, value);
        for (int i = 0; i < 500; i++) {
            if (Files.exists(temp.resolve("said"))
                    && Files.readString(temp.resolve("said")).contains(wanted)) {
                return;
            }
            Thread.sleep(20);
        }
        assertThat(state("job.json")).contains(wanted);
    }

    private String annotations() throws IOException {
        return Files.readString(temp.resolve("annotations"));
    }

    private String state(String file) throws IOException {
        return Files.readString(root.resolve(".backup/" + file));
    }

    private void engine(String body) throws IOException {
        executable(own.resolve("engine-fake"), "#!/bin/sh\necho \"$*\" >>%s\n%s\n".formatted(calls, body));
    }

    private ScriptRun execute(String... command) throws IOException, InterruptedException {
        return ScriptRun.of(temp, env, command);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

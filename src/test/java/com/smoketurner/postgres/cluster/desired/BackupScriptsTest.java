package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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

    private record Result(int exit, String output) {}

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
            engine("exit " + exit);
            assertThat(execute("restore-wal", SEGMENT, "pg_wal/RECOVERYXLOG").exit())
                    .isEqualTo(1);
        }
        assertThat(calls).content().doesNotContain("archive").hasLineCount(3);
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
        assertThat(start("one", "full", "r1")).isEqualTo(new Result(0, ""));
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
    void aBackupWaitsForItsSettings() throws Exception {
        assertThat(start("one", "full", "r2"))
                .isEqualTo(new Result(75, "backup: settings have not arrived yet: the revision is r1, not r2\n"));
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
        for (String program : List.of("patroni", Scripts.WATCH_ARCHIVE, Scripts.WATCH_STORAGE)) {
            executable(own.resolve(program), "#!/bin/sh\n");
        }
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
                .isEqualTo(new Result(
                        0,
                        ("{\"engine\": \"fake\", \"backups\": [{\"label\": \"b\"}], \"histories\": {\"2\": \"1\\t0/A\\tx\"},"
                                        + " \"archive\": {\"1\": {\"min\": \"a\", \"max\": \"b\"}}, \"owner\": %s}\n")
                                .formatted(CLAIM.replace(":", ": ").replace(",", ", "))));

        engine("echo 'ERROR: away' >&2; exit 2");
        assertThat(execute("backup", "list")).isEqualTo(new Result(2, "ERROR: away\n"));
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
                                + "\"error\":null,\"failedAt\":null,\"waiting\":0,\"waitingSince\":null,\"end\":null}\n");

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

    private Result start(String id, String type, String revision) throws Exception {
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

    private Result execute(String... command) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of("env", "-i"));
        env.forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(List.of(command));
        var process = new ProcessBuilder(line)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .start();
        try (var output = process.getInputStream()) {
            var text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), text);
        }
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

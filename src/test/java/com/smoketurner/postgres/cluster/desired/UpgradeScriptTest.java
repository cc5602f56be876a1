package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Which of the data directories of a member is the cluster's, by the program {@code upgrade}, with stand-ins for the API server and
 * for {@code pg_controldata}, whose system identifier is what the control file contains.
 */
class UpgradeScriptTest {

    @TempDir
    Path temp;

    private Path own;
    private Path root;
    private Path data;
    private Path work;
    private String initialize = "15";
    private String configured = "15";

    @BeforeEach
    void install() throws IOException {
        own = Files.createDirectory(temp.resolve("own"));
        for (var script : Scripts.all().entrySet()) {
            executable(own.resolve(script.getKey()), script.getValue());
        }
        executable(own.resolve(Scripts.API_SERVER), """
                import os
                def call(method, path, body=None):
                    initialize = os.environ["INITIALIZE"]
                    return {"metadata": {"annotations": {"initialize": initialize} if initialize else {}}}
                """);
        executable(own.resolve(Scripts.ANNOTATE), "#!/bin/sh\necho \"$2\" >>%s\n".formatted(temp.resolve("said")));
        executable(own.resolve("pg_isready"), "#!/bin/sh\nexit 2\n");
        Path bin = Files.createDirectories(temp.resolve("binaries/15/bin"));
        executable(
                bin.resolve("pg_controldata"),
                "#!/bin/sh\necho \"Database system identifier: $(cat $2/global/pg_control)\"\n");
        root = temp.resolve("pgroot");
        data = root.resolve("data");
        work = root.resolve(".upgrade");
        Files.createDirectories(work);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A data directory; one without a control file is of no use any more. */
    private static void directory(Path where, @Nullable String system) throws IOException {
        Files.createDirectories(where.resolve("global"));
        Files.writeString(where.resolve("PG_VERSION"), "15\n");
        if (system != null) {
            Files.writeString(where.resolve("global/pg_control"), system);
        }
    }

    private static String system(Path where) throws IOException {
        return Files.readString(where.resolve("global/pg_control"));
    }

    private ScriptRun upgrade(String... arguments) throws IOException, InterruptedException {
        Map<String, String> env = new TreeMap<>(Map.of(
                "PATH",
                own + ":/usr/bin:/bin",
                "PGROOT",
                root.toString(),
                "PGDATA",
                data.toString(),
                "POD_NAME",
                "c-0",
                "BINARIES",
                temp.resolve("binaries").toString(),
                "CONFIGURED",
                configured,
                "INITIALIZE",
                initialize,
                "PYTHONDONTWRITEBYTECODE",
                "1"));
        String[] command = new String[arguments.length + 1];
        command[0] = "upgrade";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return ScriptRun.of(temp, env, command);
    }

    @Test
    void theDataOfTheClusterStaysWhereItIs() throws Exception {
        directory(data, "15");
        directory(work.resolve("new"), "18");
        assertThat(upgrade("settle")).isEqualTo(new ScriptRun(0, ""));
        assertThat(system(data)).isEqualTo("15");
        assertThat(system(work.resolve("new"))).isEqualTo("18");
    }

    @Test
    void whatIsOpenedTakesThePlaceOfTheFormer() throws Exception {
        initialize = "18";
        directory(data, null);
        directory(work.resolve("new"), "18");
        assertThat(upgrade("settle").exit()).isZero();
        assertThat(system(data)).isEqualTo("18");
        assertThat(work.resolve("old")).exists();
        assertThat(work.resolve("new")).doesNotExist();
        assertThat(upgrade("settle").exit()).as("once more").isZero();
    }

    @Test
    void aSwapThatWasInterruptedIsFinished() throws Exception {
        initialize = "18";
        directory(work.resolve("old"), "15");
        directory(work.resolve("new"), "18");
        assertThat(upgrade("settle").exit()).isZero();
        assertThat(system(data)).isEqualTo("18");
        assertThat(system(work.resolve("old"))).isEqualTo("15");
    }

    @Test
    void dataOfAnotherClusterIsNotStarted() throws Exception {
        initialize = "18";
        directory(data, "15");
        assertThat(upgrade("settle").exit()).isEqualTo(1);
        assertThat(system(data)).isEqualTo("15");
    }

    @Test
    void aMemberWithoutDataAndAClusterWithoutAnyGoOn() throws Exception {
        assertThat(upgrade("settle").exit()).isZero();
        initialize = "";
        directory(data, "15");
        assertThat(upgrade("settle").exit()).isZero();
    }

    /** pg_basebackup writes the control file last. */
    @Test
    void halfACopyIsLeftToPatroni() throws Exception {
        initialize = "18";
        directory(data, null);
        assertThat(upgrade("settle").exit()).isZero();
        Files.createFile(data.resolve("global/pg_control.old"));
        assertThat(upgrade("settle").exit()).as("files that were linked").isEqualTo(1);
    }

    @Test
    void onKeptVolumesTheVersionOfTheClusterGoesFirst() throws Exception {
        initialize = "";
        directory(data, "15");
        configured = "18";
        assertThat(upgrade("settle").exit()).isEqualTo(1);
        configured = "15";
        assertThat(upgrade("settle").exit()).isZero();
    }

    @Test
    void whatAFormerContainerWasDoingIsInterrupted() throws Exception {
        directory(data, "15");
        Files.writeString(
                work.resolve("state.json"),
                "{\"id\":\"a\",\"from\":\"15\",\"to\":\"18\",\"phase\":\"converting\",\"report\":{\"id\":\"a\",\"state\":\"Converting\",\"lsn\":\"0/1\"}}");
        upgrade("settle");
        assertThat(temp.resolve("said"))
                .content()
                .contains("\"state\":\"Interrupted\"", "\"was\":\"Converting\"", "\"lsn\":\"0/1\"");
    }

    @Test
    void dataIsDiscardedOnceAndNeverThatOfTheClusterOrOfSomebodyElse() throws Exception {
        directory(data, "15");
        assertThat(upgrade("discard", "18", "one", "15").exit()).isEqualTo(1);
        initialize = "18";
        assertThat(upgrade("discard", "18", "one", "14").exit()).isEqualTo(1);
        assertThat(data).exists();
        assertThat(upgrade("discard", "18", "one", "15").exit()).isZero();
        assertThat(data).doesNotExist();
        assertThat(Files.readString(work.resolve("major"))).isEqualTo("18\n");
        directory(data, "a copy");
        assertThat(upgrade("discard", "18", "one", "15").exit()).isZero();
        assertThat(data).as("what is copied meanwhile").exists();
    }

    @Test
    void dataOfAServerThatRunsIsNotDiscarded() throws Exception {
        directory(data, "15");
        initialize = "18";
        executable(own.resolve("pg_isready"), "#!/bin/sh\nexit 0\n");
        assertThat(upgrade("discard", "18", "one", "15").exit()).isEqualTo(1);
        assertThat(data).exists();
    }

    @Test
    void dataThatTheConvertedServerHasUsedIsDiscardedByTheUpgradeThatDidSo() throws Exception {
        directory(data, null);
        Files.writeString(work.resolve("state.json"), "{\"id\":\"one\"}");
        assertThat(upgrade("discard", "15", "other", "15").exit()).isEqualTo(1);
        assertThat(upgrade("discard", "15", "one", "15").exit()).isZero();
        assertThat(data).doesNotExist();
    }

    @Test
    void whatIsOpenedIsNotTakenBack() throws Exception {
        initialize = "18";
        directory(data, null);
        directory(work.resolve("new"), "18");
        Files.writeString(work.resolve("state.json"), "{\"id\":\"one\",\"phase\":\"ready\"}");
        upgrade("abort", "one");
        awaitSaid("\"state\":\"Ready\"");
        assertThat(work.resolve("new")).exists();
    }

    @Test
    @Acceptance(90)
    void anImageWithoutTheProgramsOfBothVersionsIsNamed() throws Exception {
        directory(data, "15");
        upgrade("check", "one", "18");
        awaitSaid("InPlaceUpgradeUnsupported");
        assertThat(temp.resolve("said")).content().contains("\"state\":\"CheckFailed\"", "the image has no");
    }

    private void awaitSaid(String text) {
        Waiting.until(text, Waiting.SHORT, this::said, said -> said.contains(text));
    }

    private String said() {
        try {
            return Files.exists(temp.resolve("said")) ? Files.readString(temp.resolve("said")) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

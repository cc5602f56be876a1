package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.patroni.PatroniTemplates;
import com.smoketurner.postgres.patroni.SecretsView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts as they are, with stand-ins only for the programs they call. */
class ScriptsTest {
    @TempDir
    Path temp;

    private Path own;
    private Path image;
    private String path;

    @BeforeEach
    void install() throws IOException {
        own = Files.createDirectory(temp.resolve("own"));
        image = Files.createDirectory(temp.resolve("image"));
        path = own + ":" + image + ":/usr/bin:/bin";
        for (var script : Scripts.all().entrySet()) {
            executable(own.resolve(script.getKey()), script.getValue());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Scripts.ARCHIVE_WAL,
                Scripts.ENGINE_PGBACKREST,
                Scripts.ENGINE_WAL_G,
                Scripts.EXPORT_METRICS,
                Scripts.PATRONICTL,
                Scripts.RESTORE_WAL,
                Scripts.ROLE_CHANGED,
                Scripts.RUN,
                Scripts.SERVE_BACKUPS,
                Scripts.WATCH_ARCHIVE,
                Scripts.WATCH_STORAGE
            })
    void areValidForTheShell(String script) throws Exception {
        assertThat(execute(Map.of(), "sh", "-n", own.resolve(script).toString()))
                .isEqualTo(new ScriptRun(0, ""));
    }

    @Test
    void patronictlGetsItsConfigurationAndPassesItsArgumentsOn() throws Exception {
        fakePatronictl();

        assertThat(execute(Map.of(), "patronictl", "query", "-c", "SELECT '--master'; -- *"))
                .isEqualTo(new ScriptRun(0, "/etc/patroni\n[query]\n[-c]\n[SELECT '--master'; -- *]\n"));
        assertThat(execute(Map.of("PATRONICTL_CONFIG_FILE", "/other"), "patronictl", "list")
                        .output())
                .startsWith("/other\n");
    }

    @Test
    void patronictlKnowsTheFormerNameOfTheLeader() throws Exception {
        fakePatronictl();

        assertThat(execute(Map.of(), "patronictl", "switchover", "c", "--master", "c-0", "--candidate", "c-1")
                        .output())
                .isEqualTo("/etc/patroni\n[switchover]\n[c]\n[--leader]\n[c-0]\n[--candidate]\n[c-1]\n");
        assertThat(execute(Map.of(), "patronictl", "switchover", "--master=a b").output())
                .isEqualTo("/etc/patroni\n[switchover]\n[--leader=a b]\n");
        assertThat(execute(Map.of(), "patronictl", "switchover", "--leader", "c-0")
                        .output())
                .isEqualTo("/etc/patroni\n[switchover]\n[--leader]\n[c-0]\n");
    }

    @Test
    void patronictlNeverCallsItself() throws Exception {
        var link = Files.createSymbolicLink(temp.resolve("link"), own);
        path = own + ":" + link + ":/usr/bin:/bin";

        var result = execute(Map.of(), "patronictl", "list");

        assertThat(result.exit()).isEqualTo(127);
        assertThat(result.output()).contains("the image needs Patroni 4");
    }

    @Test
    void runPreparesTheVolumeAndBecomesPatroni() throws Exception {
        executable(image.resolve("patroni"), "#!/bin/sh\necho \"patroni $* as $$\"\n");
        executable(own.resolve(Scripts.SERVE_BACKUPS), "#!/bin/sh\n");
        executable(own.resolve(Scripts.WATCH_ARCHIVE), "#!/bin/sh\n");
        executable(own.resolve(Scripts.WATCH_STORAGE), "#!/bin/sh\nls -l /proc/self/fd > %s\n".formatted(watch()));
        var root = temp.resolve("pgroot");
        var env = new HashMap<>(ScriptRun.image(temp));
        env.putAll(
                Map.of("PGROOT", root.toString(), "PGDATA", root.resolve("data").toString()));

        var first = execute(env, "sh", "-c", "echo $$; exec run");
        var lines = first.output().split("\n", -1);
        assertThat(lines[1]).isEqualTo("patroni /etc/patroni as " + lines[0]);
        assertThat(mode(root)).isEqualTo("rwx------");
        assertThat(root.resolve("data")).doesNotExist();
        assertThat(watch()).content().doesNotContain(".member.lock");

        Files.createDirectory(root.resolve("data"));
        Files.writeString(root.resolve("data/postmaster.pid"), "1\n");
        Files.setPosixFilePermissions(root.resolve("data"), PosixFilePermissions.fromString("rwxrwx---"));
        assertThat(execute(env, "run").exit()).isZero();
        assertThat(mode(root.resolve("data"))).isEqualTo("rwx------");
        assertThat(root.resolve("data/postmaster.pid")).exists();
    }

    /** The stand-in for Patroni changes the file itself, so it is told by nobody else. */
    @Test
    void halfAServerIsRemovedWhereNoneHasEverRun() throws Exception {
        executable(image.resolve("patroni"), "#!/bin/sh\n");
        for (var script : List.of(Scripts.SERVE_BACKUPS, Scripts.WATCH_ARCHIVE, Scripts.WATCH_STORAGE)) {
            executable(own.resolve(script), "#!/bin/sh\n");
        }
        var root = temp.resolve("pgroot");
        var data = root.resolve("data");
        var env = new HashMap<>(ScriptRun.image(temp));
        env.putAll(Map.of("PGROOT", root.toString(), "PGDATA", data.toString()));
        var folder = data.resolve("base/5");
        var postgres = folder.resolve("PG_VERSION");
        for (int known : List.of(1, 0)) {
            executable(own.resolve(Scripts.NEVER_CREATED), "#!/bin/sh\nexit %d\n".formatted(known));
            Files.createDirectories(folder);
            Files.writeString(postgres, "16\n");
            assertThat(execute(env, "run").exit()).isZero();
            assertThat(postgres).as("a whole server").exists();

            Files.delete(postgres);
            assertThat(execute(env, "run").exit()).isZero();
            assertThat(Files.exists(data)).as("half a server").isEqualTo(known != 0);
        }
    }

    @Test
    void theExporterStartsAgainWhenItHasEndedAndWhenItsPasswordChanges() throws Exception {
        var password = temp.resolve("password");
        var starts = temp.resolve("starts");
        Files.writeString(password, "former\n");
        // Ends once, is given another password then, and ends the script when it has that.
        executable(image.resolve("postgres_exporter"), """
                #!/bin/sh
                cat "$DATA_SOURCE_PASS_FILE" >>%1$s
                case $(wc -l <%1$s) in
                    1) exit 1 ;;
                    2) printf 'new\n' >"$DATA_SOURCE_PASS_FILE"; exec sleep 60 ;;
                    *) kill -TERM $PPID ;;
                esac
                """.formatted(starts));

        var result = execute(
                Map.of("DATA_SOURCE_PASS_FILE", password.toString(), "PERIOD", "0.05"),
                Scripts.EXPORT_METRICS,
                "--web.listen-address=:9187");

        assertThat(result.exit()).isZero();
        assertThat(starts).hasContent("former\nformer\nnew\n");
    }

    @Test
    void patroniIsToldOfNewPasswordsAndOfNothingElse() throws Exception {
        var secrets = Files.writeString(temp.resolve("20-secrets.yml"), "password: \"former\"\n");
        executable(own.resolve(Scripts.SERVE_BACKUPS), "#!/bin/sh\n");
        executable(own.resolve(Scripts.WATCH_ARCHIVE), "#!/bin/sh\n");
        executable(own.resolve(Scripts.WATCH_STORAGE), "#!/bin/sh\n");
        executable(image.resolve("patroni"), """
                #!/bin/sh
                trap 'echo told; exit' HUP
                rounds=0
                while [ "$rounds" -lt 200 ]; do
                    rounds=$((rounds + 1))
                    [ "$rounds" -ne 8 ] || { echo changes; echo 'password: "new"' >"$SECRETS_FILE"; }
                    sleep 0.05
                done
                """);
        var env = new HashMap<>(ScriptRun.image(temp));
        env.putAll(Map.of(
                "PGROOT", temp.resolve("pgroot").toString(),
                "PGDATA", temp.resolve("pgroot/data").toString(),
                "SECRETS_FILE", secrets.toString(),
                "SECRETS_PERIOD", "0.02"));

        var result = execute(env, "run");

        assertThat(result.output().strip().lines()).containsExactly("changes", "told");
    }

    private Path watch() {
        return temp.resolve("watch-storage.fds");
    }

    @Test
    void aMemberSaysWhenItsVolumeBecomesFullAndWhenItNoLongerIs() throws Exception {
        assertThat(reports(0, "7 84 85 86 94 84 80 79 84 85")).isEqualTo("85 79 85");
        assertThat(reports(0, "86 95 100 90 89 84 95 12")).isEqualTo("86 95 89 95 12");
        assertThat(reports(0, "3 99 3")).isEqualTo("99 3");
    }

    @Test
    void aMemberRemembersWhatItSaid() throws Exception {
        var annotations = Files.writeString(temp.resolve("annotations"), """
                kubernetes.io/config.seen="2026-03-01T12:00:00Z"
                postgres-operator.smoketurner.com/storage-used="91"
                status="{}"
                """);
        assertThat(reports(0, "88 81 79", annotations)).isEqualTo("79");
    }

    @Test
    void aReportThatFailsIsMadeAgain() throws Exception {
        assertThat(reports(1, "85 86 87")).isEqualTo("85 86 87");
    }

    private String reports(int exit, String percentages) throws Exception {
        return reports(exit, percentages, temp.resolve("no such file"));
    }

    /** What is reported while the volume is as full as these numbers say, one at each look. */
    private String reports(int exit, String percentages, Path annotations) throws Exception {
        var left = Files.writeString(temp.resolve("left"), percentages.replace(' ', '\n') + "\n");
        executable(own.resolve("df"), """
                #!/bin/sh
                echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
                echo "/dev/loop0 1 1 1 $(head -n 1 %1$s)%% /home/postgres/pgdata"
                """.formatted(left));
        executable(own.resolve("sleep"), "#!/bin/sh\nsed -i 1d %1$s\n[ -s %1$s ]\n".formatted(left));
        executable(own.resolve(Scripts.REPORT_STORAGE), "#!/bin/sh\necho \"$1\"\nexit %d\n".formatted(exit));
        var env = Map.of("PGROOT", temp.toString(), "ANNOTATIONS_FILE", annotations.toString());
        return execute(env, "watch-storage").output().strip().replace('\n', ' ');
    }

    @ParameterizedTest
    @ValueSource(
            strings = {Scripts.ANNOTATE, Scripts.BACKUP, Scripts.RECOVERY, Scripts.REPORT_STORAGE, Scripts.RESTORE})
    void areValidForPython(String script) throws Exception {
        assertThat(execute(
                        Map.of(),
                        "python3",
                        "-c",
                        "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')",
                        own.resolve(script).toString()))
                .isEqualTo(new ScriptRun(0, ""));
    }

    @Test
    void aReportOfTheVolumeNamesTheSlotOrTakesTheNameAway() throws Exception {
        executable(own.resolve(Scripts.ANNOTATE), "#!/bin/sh\nprintf '[%s]' \"$@\"\n");
        executable(image.resolve("psql"), "#!/bin/sh\n");
        assertThat(execute(Map.of("PGROOT", temp.toString()), "report-storage", "85"))
                .isEqualTo(new ScriptRun(0, "[storage-used][85][storage-held][-]"));
    }

    @Test
    void slotsOfTheTimeAsPrimaryAreDroppedOnceAnotherIsStreamedFrom() throws Exception {
        var asked = slotsAre("stopping streaming streaming");
        roleChanged("on_start", "primary");
        assertThat(asked).isEmptyFile();

        assertThat(roleChanged("on_role_change", "replica"))
                .isEqualTo("role-changed: dropped the logical slots of the time as primary: cdc other \n");
        assertThat(asked).content().isEqualTo("status\nstatus\ndrop\nstatus\ndrop\n");

        assertThat(roleChanged("on_start", "replica")).isEmpty();
        assertThat(asked).content().as("asked no more").hasLineCount(5);
    }

    @Test
    void slotsOfAServerThatWasNoPrimaryStay() throws Exception {
        var asked = slotsAre("streaming");
        assertThat(roleChanged("on_start", "replica")).isEmpty();
        assertThat(asked).isEmptyFile();
    }

    @Test
    void slotsOfAPrimaryThatRestartsAsAStandbyFirstStay() throws Exception {
        var asked = slotsAre("- - -");
        roleChanged("on_role_change", "master");
        roleChanged("on_start", "replica"); // Patroni ends it when the server is promoted; here the answers end.
        assertThat(asked).content().isEqualTo("status\nstatus\nstatus\n");
        assertThat(temp.resolve(".was-primary")).exists();
    }

    private String roleChanged(String action, String role) throws Exception {
        return execute(Map.of("PGROOT", temp.toString()), "role-changed", action, role, "c")
                .output();
    }

    /** A server that says so of its WAL receiver, time after time, and whose slots cannot be dropped at first. */
    private Path slotsAre(String receiver) throws IOException {
        var left = Files.writeString(temp.resolve("left"), receiver.replace(' ', '\n') + "\n");
        var asked = Files.createFile(temp.resolve("asked"));
        executable(image.resolve("psql"), """
                #!/bin/sh
                for sql; do :; done
                case $sql in
                    *pg_drop_replication_slot*) echo drop >>%2$s; [ $(wc -l <%2$s) -gt 3 ] && printf 'cdc|\\nother|\\n' ;;
                    *) echo status >>%2$s; head -n 1 %1$s ;;
                esac
                """.formatted(left, asked));
        executable(own.resolve("sleep"), "#!/bin/sh\nsed -i 1d %1$s\n[ -s %1$s ]\n".formatted(left));
        return asked;
    }

    @Test
    void theReportNamesASlotThatHoldsMuchOfTheVolume() throws Exception {
        assertThat(holder("orders|f|400000000"))
                .isEqualTo("replication slot orders, which has no consumer, holds 381 MB of WAL");
        assertThat(holder("orders|t|400000000")).isEqualTo("replication slot orders holds 381 MB of WAL");
        assertThat(holder("orders|f|100000000")).as("a tenth").isEqualTo("None");
        assertThat(holder("")).as("no slot").isEqualTo("None");
        executable(image.resolve("psql"), "#!/bin/sh\nexit 2\n");
        assertThat(holder()).as("the server is down").isEqualTo("None");
    }

    private String holder(String row) throws Exception {
        executable(image.resolve("psql"), "#!/bin/sh\necho '%s'\n".formatted(row));
        return holder();
    }

    /** Of a volume of a gigabyte. */
    private String holder() throws Exception {
        return execute(
                        Map.of(),
                        "python3",
                        "-c",
                        "import runpy, sys; print(runpy.run_path(sys.argv[1])['holder'](1000000000))",
                        own.resolve(Scripts.REPORT_STORAGE).toString())
                .output()
                .strip();
    }

    @Test
    void runSaysWhatIsMissing() throws Exception {
        var result = execute(Map.of(), "run");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output()).contains("PGROOT is not set");
    }

    @Test
    void preStopDecidesWell() throws Exception {
        var secrets = temp.resolve("20-secrets.yml");
        Files.writeString(
                secrets,
                PatroniTemplates.secrets(
                        new SecretsView("postgres", "a", "standby", "b", "patroni", "rest\"Sec\\ret\u0007é3")));

        var result = execute(
                Map.of(),
                "python3",
                "src/test/resources/scripts/pre_stop_test.py",
                own.resolve(Scripts.PRE_STOP).toString(),
                secrets.toString());

        assertThat(result.exit()).as(result.output()).isZero();
        assertThat(result.output()).contains("OK");
    }

    private void fakePatronictl() throws IOException {
        executable(image.resolve("patronictl"), """
                #!/bin/sh
                echo "$PATRONICTL_CONFIG_FILE"
                for arg in "$@"; do echo "[$arg]"; done
                """);
    }

    private ScriptRun execute(Map<String, String> env, String... command) throws IOException, InterruptedException {
        Map<String, String> all = new TreeMap<>(env);
        all.put("PATH", path);
        return ScriptRun.of(Path.of("."), all, command);
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}

package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.postgres.Bundled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the operator runs in pods while it changes passwords, with stand-ins only for the programs that it calls. */
class PasswordScriptsTest {
    /** Of the line {@code new}. */
    private static final String DIGEST = "7aa7a5359173d05b63cfd682e3c38487f3cb4f7f1d60659fe59fab1505977d4c";

    @TempDir
    Path temp;

    private ScriptRun run(String script, String input, Map<String, String> env, String... arguments)
            throws IOException, InterruptedException {
        var all = new TreeMap<>(env);
        all.put("PATH", temp + ":/usr/bin:/bin");
        all.put("SCRIPT", Bundled.program(script));
        all.put("INPUT", input);
        all.put("NAME", script);
        // Standard input ends behind the line here; in a pod it stays open.
        var command =
                new ArrayList<>(List.of("sh", "-c", "printf %s \"$INPUT\" | sh -c \"$SCRIPT\" \"$NAME\" \"$@\"", "sh"));
        command.addAll(List.of(arguments));
        return ScriptRun.of(temp, all, command.toArray(String[]::new));
    }

    private void program(String name, String text) throws IOException {
        Path file = Files.writeString(temp.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void aMemberWaitsForTheFileWithTheNewPasswords() throws Exception {
        Path file = Files.writeString(temp.resolve("secrets"), "former\n");
        var env = Map.of("TRIES", "5");
        assertThat(run("await-file", DIGEST + "\n", env, file.toString(), "true")
                        .exit())
                .as("it does not come")
                .isEqualTo(1);
        program("sleep", "#!/bin/sh\necho new >" + file + "\n");
        assertThat(run("await-file", DIGEST + "\n", env, file.toString(), "true")
                        .exit())
                .as("it comes later")
                .isZero();
        assertThat(run("await-file", DIGEST + "\n", env, file.toString(), "true")
                        .exit())
                .as("it is there")
                .isZero();
    }

    @Test
    void aReplicaIsReloadedUntilItLogsInWithTheNewPassword() throws Exception {
        Path file = Files.writeString(temp.resolve("pgpass"), "10.0.0.1:5432:*:standby:for\\:mer\n");
        program("sh-patroni", """
                #!/bin/sh
                trap 'echo told; printf "10.0.0.1:5432:*:standby:n\\\\:w*\\n" >%s' HUP
                echo ready
                for i in $(seq 400); do /bin/sleep 0.02; done
                """.formatted(file));
        var patroni = new ProcessBuilder(
                        "env", "--default-signal", temp.resolve("sh-patroni").toString())
                .directory(temp.toFile())
                .start();
        try (var output = patroni.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            var env = Map.of("PATRONI", Long.toString(patroni.pid()), "PGPASS", file.toString());
            assertThat(run("reload-passwords", "n\\:w*\n", env).exit()).isZero();
            assertThat(output.readLine()).isEqualTo("told");
            assertThat(run("reload-passwords", "\n", env).exit())
                    .as("a primary logs in nowhere")
                    .isZero();
            assertThat(output.readLine()).isEqualTo("told");
            var few = new TreeMap<>(env);
            few.put("TRIES", "3");
            assertThat(run("reload-passwords", "another\n", few).exit())
                    .as("it does not")
                    .isEqualTo(1);
        } finally {
            patroni.destroyForcibly();
        }
    }

    // PgBouncer's console and logins, as far as the program sees them.
    private void pgbouncer() throws IOException {
        program("psql", """
                #!/bin/sh
                for last; do :; done
                case $* in
                    *'SHOW POOLS'*)
                        printf 'shop\\tpostgres\\t2\\t0\\t0\\n'
                        printf 'shop\\tapp\\t2\\t0\\t0\\n'
                        printf 'idle\\tpostgres\\t0\\t0\\t0\\n'
                        printf 'we"ird\\tpostgres\\t0\\t1\\t0\\n' ;;
                    *'SHOW DATABASES'*) echo 'paused|0'; sed 's/.*/paused|1/' paused 2>/dev/null ;;
                    *'SHOW LISTS'*) echo 'login_clients|0' ;;
                    *'SHOW CLIENTS'*) cat clients 2>/dev/null ;;
                    *'/pause')
                        echo look >>calls
                        calm=$(sh "$CALM" <servers)
                        mv servers.later servers 2>/dev/null
                        [ "$calm" = 1 ] || exit 0
                        : >"$PAUSED"
                        for a; do case $a in database=*) echo "PAUSE ${a#*=}" >>paused; echo "PAUSE ${a#*=}" >>calls ;; esac; done ;;
                    *'-c PAUSE'*) echo "$last" >>paused; echo "$last" >>calls ;;
                    *'-c RESUME'*) echo "$last" >>calls ;;
                    *"dbname='postgres_operator_lookup'"*) [ -e changed ] || { echo refused >&2; exit 2; } ;;
                    *) file=${last#*passfile=}; echo "$last" | sed 's/ passfile=.*//; s/.*user=/login /' >>calls
                       cat "${file%% *}" >>calls
                       [ -e waits ] || exit 0
                       echo "C|postgres|shop|none|waiting|unix|6432|${last#*application_name=}|0|9" >>clients
                       until grep -q RESUME calls; do sleep 0.02; done ;;
                esac
                """);
        if (!Files.exists(temp.resolve("servers"))) {
            Files.createFile(temp.resolve("servers"));
        }
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(temp.resolve("calls"));
    }

    private ScriptRun change() throws Exception {
        return change("2");
    }

    /**
     * Runs it.
     *
     * @param keep for how many seconds its files stay after its end
     */
    private ScriptRun change(String keep) throws Exception {
        pgbouncer();
        return run(
                "change-password",
                "postgres:n\\:w\n",
                Map.of("WORK", temp.toString(), "HELD", "2", "KEEP", keep),
                "postgres",
                "0a1b2c3d");
    }

    @Test
    void aPoolerHoldsItsDatabasesUntilItKnowsTheNewPassword() throws Exception {
        Files.createFile(temp.resolve("changed"));
        assertThat(change().output()).isEqualTo("held 2\nknown\n");
        assertThat(calls().stream().filter(call -> !call.equals("look")).limit(2))
                .containsExactlyInAnyOrder("PAUSE \"shop\"", "PAUSE \"we\"\"ird\"");
        assertThat(calls())
                .contains(
                        "login 'postgres' dbname='shop'", "login 'postgres' dbname='we\"ird'", "*:*:*:postgres:n\\:w");
        assertThat(calls()).endsWith("RESUME \"shop\"", "RESUME \"we\"\"ird\"");
    }

    /** Not every login ends while the databases are held: PgBouncer greets no client before a server has greeted it. */
    @Test
    void aPoolerLetsGoWhenLoginsWaitForAServerOnly() throws Exception {
        Files.createFile(temp.resolve("changed"));
        Files.createFile(temp.resolve("waits"));
        assertThat(change().output()).isEqualTo("held 2\nknown\n");
        assertThat(calls().indexOf("RESUME \"shop\""))
                .isGreaterThan(calls().lastIndexOf("login 'postgres' dbname='shop'"))
                .isGreaterThan(calls().lastIndexOf("login 'postgres' dbname='we\"ird'"));
    }

    /** PgBouncer would take a connection that PAUSE breaks off for a failed login, and answer statements with it. */
    @Test
    void aPoolerIsNotHeldWhileItOpensAConnection() throws Exception {
        Files.createFile(temp.resolve("changed"));
        String others = "user|app\ndatabase|shop\nstate|new\nuser|postgres\ndatabase|idle\nstate|new\n";
        String own = "user|postgres\ndatabase|shop\nstate|";
        Files.writeString(temp.resolve("servers"), others + own + "idle\n" + own + "new\n");
        Files.writeString(temp.resolve("servers.later"), others + own + "idle\n");
        assertThat(change().output()).isEqualTo("held 2\nknown\n");
        assertThat(calls().subList(0, calls().indexOf("PAUSE \"shop\"")).stream()
                        .filter("look"::equals))
                .as("looks before it")
                .hasSizeGreaterThan(1);
    }

    @Test
    void aPoolerIsHeldInTheEndAlthoughItAlwaysOpensConnections() throws Exception {
        Files.createFile(temp.resolve("changed"));
        Files.writeString(temp.resolve("servers"), "user|postgres\ndatabase|shop\nstate|new\n");
        assertThat(change().output()).isEqualTo("held 2\nknown\n");
        assertThat(calls()).contains("PAUSE \"shop\"", "RESUME \"shop\"");
    }

    @Test
    void aPoolerLetsGoWhenThePasswordDoesNotChange() throws Exception {
        assertThat(change().output()).isEqualTo("held 2\nlate\n");
        assertThat(calls())
                .endsWith("RESUME \"shop\"", "RESUME \"we\"\"ird\"")
                .noneMatch(call -> call.startsWith("login"));
    }

    /** The operator waits for the end of the output, and nobody may hold it open longer than that. */
    @Test
    void theOutputEndsWithTheOutcome() throws Exception {
        Files.createFile(temp.resolve("changed"));
        assertThat(change("60").output()).endsWith("known\n");
        try (var files = Files.newDirectoryStream(temp, "change-password.*")) {
            assertThat(files).as("what the program removes at its end").isNotEmpty();
        }
    }
}

package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program that pauses PgBouncer, with a stand-in for PgBouncer that notes its signals and one for psql: the file {@code primary} is
 * what the primary answers, {@code servers} what the console shows. PoolerSwitchoverE2E runs it with the real ones.
 */
class PoolerPauseScriptTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path temp;

    @BeforeEach
    void programs() throws IOException {
        file("pgbouncer.ini", """
                [databases]
                * = host=c-primary.ns.svc port=5432
                server_tls_sslmode = verify-full
                server_tls_ca_file = /server-ca/ca.crt
                """);
        file("primary", "10.0.0.1 100");
        file("servers", "");
        program("psql", """
                #!/bin/sh
                case "$*" in
                    *service=primary*) echo "$*" >connection; cat primary ;;
                    *RECONNECT*) echo reconnect >>signals ;;
                    *'SHOW SERVERS'*)
                        cat servers
                        [ ! -e servers.look ] || . ./servers.look
                        [ ! -e servers.later ] || { echo look >>signals; mv servers.later servers; }
                        ;;
                esac
                """);
        program("pgbouncer", """
                #!/bin/sh
                trap 'echo pause >>signals' USR1
                trap 'echo resume >>signals' USR2
                trap 'exit 0' TERM
                /bin/sleep 600 >/dev/null 2>&1 &
                echo $! >sleeper
                echo $$ >pid
                while kill -0 "$(cat sleeper)" 2>/dev/null; do wait; done
                """);
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(temp.resolve(name), text);
    }

    private void program(String name, String text) throws IOException {
        file(name, text);
        assertThat(temp.resolve(name).toFile().setExecutable(true)).isTrue();
    }

    /** Runs these lines while the stand-in for PgBouncer runs. */
    private String session(String lines) throws Exception {
        String pooler = Project.file("src/main/resources/scripts/pooler", "it is shipped")
                .toString();
        file("session", """
                eventually() { # WHAT COMMAND...: a failure of the test is better than one that never ends
                    what=$1 left=1000
                    shift
                    until "$@"; do
                        left=$((left - 1))
                        [ "$left" -gt 0 ] || { echo "not $what"; return; }
                        sleep 0.02
                    done
                }
                noted() { touch signals; signals=$(tr '\\n' ' ' <signals); [ "$signals" = "$1" ]; }
                signals() { eventually "the signals $1" noted "$1" && [ "$signals" = "$1" ] || echo "but $signals"; }
                sh ./pgbouncer & eventually started [ -s pid ]
                %s
                kill $(cat pid sleeper); wait
                """.formatted(lines.replace("pooler ", "sh " + pooler + " ")));
        ScriptRun run = ScriptRun.of(
                temp,
                Map.of(
                        "PATH",
                        temp + ":/usr/bin:/bin",
                        "CONFIG",
                        temp.toString(),
                        "AUTH",
                        temp.toString(),
                        "RUN",
                        temp.toString(),
                        "TICK",
                        "0.02"),
                "sh",
                "session");
        assertThat(run.exit()).isZero();
        return run.output().replaceAll("\\d+", "N");
    }

    @Test
    void clientsGoOnWhenAnotherPrimaryAnswers() throws Exception {
        assertThat(session("""
                pooler pause 60 5
                : >primary
                echo 10.0.0.2 90 >primary.new; mv primary.new primary
                pooler await 60
                signals 'pause resume '
                """)).isEqualTo("paused N\nresumed N primary\n");
        assertThat(temp.resolve("connection"))
                .content()
                .contains("host=c-primary.ns.svc port=N sslmode=verify-full sslrootcert=/server-ca/ca.crt"
                        .replace("N", "5432"));
    }

    /** PgBouncer would take a connection that PAUSE breaks off for a failed login. */
    @Test
    void noConnectionIsBrokenOffThatIsBeingOpened() throws Exception {
        file("servers", "user|app\ndatabase|shop\nstate|new\n");
        file("servers.later", "");
        assertThat(session("""
                pooler pause 60 5
                pooler resume
                signals 'look pause resume '
                """)).isEqualTo("paused N\n");
    }

    /** Nobody would lift a pause that begins after what lifts it has ended. */
    @Test
    void noPauseBeginsThatWasLiftedBefore() throws Exception {
        file("servers", "user|app\ndatabase|shop\nstate|new\n");
        file("servers.look", """
                echo 10.0.0.2 90 >primary.new; mv primary.new primary
                while [ -e paused ]; do sleep 0.02; done
                """);
        assertThat(session("""
                pooler pause 60 5
                pooler await 60
                signals 'resume '
                """)).isEqualTo("refused the pause was lifted\nresumed N primary\n");
    }

    @Test
    void clientsGoOnWhenNobodyIsThere() throws Exception {
        assertThat(session("""
                pooler pause 3 5
                pooler await 60
                signals 'pause resume '
                """)).isEqualTo("paused N\nresumed N deadline\n");
    }

    @Test
    void aTransactionThatDoesNotEndIsNotWaitedFor() throws Exception {
        file("servers", "user|app\ndatabase|shop\nrequest_time|yesterday\n");
        assertThat(session("""
                pooler pause 60 0
                pooler await 0
                signals 'pause resume '
                """))
                .isEqualTo(
                        "busy a transaction of role app in database shop, last request at yesterday\nresumed N busy\n");
    }

    @Test
    void whatCannotBePausedIsNot() throws Exception {
        assertThat(session("""
                : >primary
                pooler pause 60 5
                pooler stop 0
                signals 'resume '
                echo 10.0.0.1 100 >primary
                pooler pause 60 5
                """)).isEqualTo("refused the pod does not reach a primary\nrefused the pod is ending\n");
    }

    @Test
    void anotherPauseTakesThePlaceOfTheFirst() throws Exception {
        assertThat(session("""
                pooler pause 60 5
                pooler pause 60 5
                pooler resume
                pooler await 0
                pooler reconnect primary
                signals 'pause resume pause resume reconnect '
                """)).isEqualTo("paused N\npaused N\nresumed N operator\n");
    }
}

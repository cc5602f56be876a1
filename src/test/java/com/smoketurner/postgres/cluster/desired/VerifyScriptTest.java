package com.smoketurner.postgres.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the program of a restore test does around the engine and PostgreSQL's programs, which are stand-ins here: the order of its
 * checks, and what it says of each failure. That real damages are found is proven on a real server.
 */
class VerifyScriptTest {
    private static final String PLAN =
            "{\"identity\":\"x\",\"backup\":\"F1\",\"timeline\":1,\"target\":{\"kind\":\"%s\",\"value\":null,\"inclusive\":true}}";

    @TempDir
    Path temp;

    private Path own;
    private Path calls;
    private final Map<String, String> env = new TreeMap<>();

    @BeforeEach
    void install() throws IOException {
        own = Files.createDirectory(temp.resolve("own"));
        for (var script : Scripts.all().entrySet()) {
            executable(script.getKey(), script.getValue());
        }
        calls = temp.resolve("calls");
        var settings = Files.createDirectory(temp.resolve("settings"));
        Files.writeString(settings.resolve("engine"), "fake");
        env.put("PATH", own + ":/usr/bin:/bin");
        env.put("PGROOT", temp.resolve("pgroot").toString());
        env.put("PGDATA", temp.resolve("pgroot/data").toString());
        env.put("RESTORE_SETTINGS", settings.toString());
        env.put("TERMINATION_MESSAGE", temp.resolve("message").toString());
        env.put("TICK", "0.01");
        env.put("PAUSES", "0 0");
        env.put("VERIFY_PLAN", PLAN.formatted("latest"));
        env.put("CALLS", calls.toString());
        program("engine-fake", "echo \"engine $1 $2\" >>$CALLS");
        program("pg_controldata", "echo 'Data page checksum version:           1'");
        for (String name : List.of("pg_checksums", "pg_amcheck", "pg_dumpall", "pg_dump")) {
            program(name, "echo \"" + name + " $PGDATABASE\" >>$CALLS");
        }
        program("psql", """
                case "$*" in
                    *postgres-operator-verify*) echo "check $PGDATABASE $PGOPTIONS" >>$CALLS; echo 1 ;;
                    *) sql=$(cat); case $sql in *datallowconn*) printf 'postgres\\nshop\\n' ;; esac ;;
                esac""");
        server("echo '2026 LOG:  redo done at 0/5000 system usage' ; "
                + "echo '2026 LOG:  last completed transaction was at log time 2026-11-29 12:00:00.5+00'");
    }

    /** A server that says that, is ready, and ends when it is told to. */
    private void server(String says) throws IOException {
        program("postgres", """
                [ "$1" != --version ] || { echo 'postgres (PostgreSQL) 16.9'; exit; }
                [ "$3" != -C ] || exit 0
                case "$*" in *'listen_addresses= -c'*) ;; *) exit 8 ;; esac
                case "$*" in *max_worker_processes=0*) ;; *) exit 9 ;; esac
                trap 'exit 0' INT
                %s
                echo '2026 LOG:  database system is ready to accept connections'
                while :; do sleep 0.02; done""".formatted(says));
    }

    @Test
    void everyCheckRunsOnceAndInOrder() throws Exception {
        env.put("VERIFY_CHECK_0", "{\"database\":\"shop\",\"query\":\"SELECT 1\"}");
        env.put("VERIFY_WINDOW_END", "2026-11-29T12:00:30Z");
        assertThat(verify()).isZero();
        assertThat(calls).content().isEqualTo("""
                        engine fetch F1
                        pg_checksums\s
                        pg_amcheck\s
                        pg_dumpall postgres
                        pg_dump postgres
                        pg_dump shop
                        check shop -c default_transaction_read_only=on -c statement_timeout=15min
                        """);
        JsonNode result = message();
        assertThat(result.path("result").asText()).isEqualTo("verified");
        assertThat(result.path("reached").asText()).isEqualTo("2026-11-29T12:00:00.5Z");
        assertThat(result.path("recoverySeconds").isIntegralNumber()).isTrue();
    }

    @Test
    void aStoreThatIsAwayIsAskedAgainAndIsNoFinding() throws Exception {
        program("engine-fake", "echo x >>$CALLS; echo 'ERROR: [049]: away' >&2; exit 2");
        finding("incomplete", "StoreUnreadable", "ERROR: [049]: away");
        assertThat(calls).content().as("three attempts and a listing").hasLineCount(4);
        program("engine-fake", "[ $1 != fetch ] || { echo 'ERROR: [042]: odd' >&2; exit 2; }");
        finding("failed", "BackupUnreadable", "the store answers", "ERROR: [042]: odd");
        program("engine-fake", "echo 'ERROR: [049]: No space left on device' >&2; exit 2");
        finding("incomplete", "VolumeFull", "No space left");
    }

    @Test
    void aBackupThatCannotBeReadIsAFinding() throws Exception {
        program("engine-fake", "echo 'ERROR: [029]: noise' >&2; exit 65");
        finding("failed", "BackupDamaged", "noise");
        program("engine-fake", "echo \"ERROR: [055]: unable to open missing file '/b' for read\" >&2; exit 2");
        finding("failed", "BackupDamaged", "'/b'");
        program("engine-fake", "exit 66");
        finding("failed", "BackupMissing", "exit code 66");
    }

    @Test
    void theEndOfARecoveryIsJudged() throws Exception {
        why("missing", "WAL segment 7 is missing");
        finding("failed", "WalMissing", "WAL segment 7 is missing");
        why("damaged", "WAL file 7: noise");
        finding("failed", "WalDamaged", "WAL file 7: noise");
        why("store", "away");
        finding("incomplete", "StoreUnreadable", "away");
        server("echo '2026 FATAL:  recovery ended before configured recovery target was reached'; exit 1");
        finding("failed", "TargetUnreachable", "recovery ended before");
        server("echo '2026 PANIC:  could not locate a valid checkpoint record'; exit 1");
        finding("failed", "RecoveryFailed", "valid checkpoint record");
        server("kill -9 $$");
        finding("incomplete", "ServerKilled", "signal 9");
    }

    private void why(String word, String text) throws IOException {
        server("printf '%s\\n%s\\n' >$PGROOT/.restore/wal-error; echo '2026 FATAL:  restore_command'; exit 1"
                .formatted(word, text));
    }

    @Test
    void anEndThatIsTooEarlyIsAFindingOnlyWhereAllWasToBeRecovered() throws Exception {
        env.put("VERIFY_WINDOW_END", "2026-11-29T12:20:00Z");
        env.put("VERIFY_TOLERANCE", "600");
        finding("failed", "RecoveryPointMissed", "2026-11-29T12:20:00Z");
        env.put("VERIFY_PLAN", PLAN.formatted("immediate"));
        assertThat(verify()).isZero();
    }

    @Test
    void theFirstFindingEndsTheTestAndIsNamed() throws Exception {
        program("pg_dump", "echo 'pg_dump: error: Dumping the contents of table \"t\" failed' >&2; exit 1");
        finding("failed", "DataUnreadable", "the database postgres cannot be dumped", "table \"t\"");
        program("pg_amcheck", "echo 'btree index \"shop.public.i\":'; echo '    ERROR:  lacks'; exit 2");
        finding("failed", "IndexDamaged", "shop.public.i", "lacks");
        program("pg_amcheck", "echo 'heap table \"shop.public.t\", block 0:'; exit 2");
        finding("failed", "TableDamaged", "shop.public.t");
        program("pg_amcheck", "echo 'could not connect' >&2; exit 1");
        finding("incomplete", "AmcheckFailed", "could not connect");
        program(
                "pg_checksums",
                "echo 'pg_checksums: error: checksum verification failed in file \"base/1/2\"' >&2; exit 1");
        finding("failed", "PageDamaged", "base/1/2");
    }

    @Test
    void withoutChecksumsThePagesAreNotChecked() throws Exception {
        program("pg_controldata", "echo 'Data page checksum version:           0'");
        assertThat(verify()).isZero();
        assertThat(calls).content().doesNotContain("pg_checksums");
    }

    @Test
    void aCheckIsNamedWithItsNumber() throws Exception {
        env.put("VERIFY_CHECK_0", "{\"database\":\"none\",\"query\":\"SELECT 1\"}");
        finding("failed", "CheckFailed", "databaseChecks[0] in the database none: there is no such database");
        program("psql", """
                case "$*" in
                    *operator-verify*) [ -z "$FAILS" ] || { echo "ERROR:  $FAILS" >&2; exit 1; } ;;
                    *) sql=$(cat); case $sql in *datallowconn*) echo postgres ;; esac ;;
                esac""");
        env.put("VERIFY_CHECK_0", "{\"database\":\"postgres\",\"query\":\"SELECT 1 WHERE false\"}");
        finding("failed", "CheckFailed", "databaseChecks[0] in the database postgres returned no row: SELECT 1");
        env.put("FAILS", "permission denied");
        finding("failed", "CheckFailed", "databaseChecks[0] in the database postgres failed: ERROR: permission denied");
    }

    @Test
    void theVerdictIsAsLongAsKubernetesKeeps() throws Exception {
        program("engine-fake", "printf 'ERROR: %08000d é' 1 >&2; exit 65");
        verify();
        assertThat(Files.size(temp.resolve("message"))).isLessThanOrEqualTo(4096);
        assertThat(message().path("reason").asText()).isEqualTo("BackupDamaged");
    }

    private void finding(String result, String reason, String... words) throws Exception {
        assertThat(verify()).isEqualTo(1);
        JsonNode message = message();
        assertThat(message.path("reason").asText()).as(message.toString()).isEqualTo(reason);
        assertThat(message.path("result").asText()).isEqualTo(result);
        assertThat(message.path("message").asText()).contains(words);
    }

    private JsonNode message() throws IOException {
        return new ObjectMapper().readTree(Files.readString(temp.resolve("message")));
    }

    private int verify() throws IOException, InterruptedException {
        ScriptRun run = ScriptRun.of(temp, env, "verify");
        System.out.print(run.output());
        return run.exit();
    }

    private void program(String name, String body) throws IOException {
        executable(name, "#!/bin/sh\n" + body + "\n");
    }

    private void executable(String name, String text) throws IOException {
        Files.writeString(own.resolve(name), text);
        Files.setPosixFilePermissions(own.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}

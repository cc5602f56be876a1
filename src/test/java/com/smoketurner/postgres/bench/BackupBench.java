package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How much of the engine's speed the project's programs leave, what a client notices of a backup, and how soon a restored cluster
 * runs. The engine by hand has the same settings and a path of its own in the same bucket.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BackupBench {
    private static final int RUNS = Integer.getInteger("runs", 5);
    private static final int GIGABYTES = Integer.getInteger("gigabytes", 2);
    private static final String NAME = "bench";
    private static final double MEGABYTE = 1e6;

    /** What the scripts in the pod begin with. */
    private static final String SHELL = """
            set -eu
            state=$PGROOT/.backup
            status=$PGDATA/pg_wal/archive_status
            # In microseconds, by the container's control group of version 2 or 1.
            cpu() {
                sed -n 's/^usage_usec //p' /sys/fs/cgroup/cpu.stat 2>/dev/null ||
                    echo $(($(cat /sys/fs/cgroup/cpuacct/cpuacct.usage) / 1000))
            }
            begin() { cpu=$(cpu); began=$(date +%s%N); }
            end() { now=$(date +%s%N); echo "$((now - began)) $(($(cpu) - cpu)) ${1:-}"; }
            engine() { pgbackrest --config=/etc/backup/pgbackrest.conf --log-level-console=off "$@"; }
            by_hand() { engine --stanza=main --repo1-path=/by-hand/16 "$@"; }
            forget() { engine --repo1-path=/by-hand repo-rm --recurse 16 >&2; }
            """;

    private static final String WAIT_FOR_JOB = """
            while grep -q '"state": "running"' "$state/job.json"; do sleep 0.1; done
            grep -q '"state": "succeeded"' "$state/job.json" || { cat "$state/job.json" >&2; exit 1; }
            """;

    private static final String FOREVER = "9999999999";

    /** In seconds since 1970. */
    private static final String END_OF_JOB = """
            if grep -q '"state": "running"' "$state/job.json"; then
                echo 9999999999
            else
                date -d "$(sed -n 's/.*"endedAt": "\\([^"]*\\)".*/\\1/p' "$state/job.json")" +%s
            fi
            """;

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private int jobs;

    BackupBench(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    /** One measurement in the pod: wall time and the container's processor time. */
    private record Sample(double seconds, double cpuSeconds, String said) {}

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        ns.lab()
                .kubectl("", List.of("patch", "pvc", "s3", "-n", "s3", "--type=merge", "-p", """
                {"spec":{"resources":{"requests":{"storage":"40Gi"}}}}"""))
                .orThrow();
        ns.apply(Manifest.cluster(NAME)
                        .noTls()
                        .with("20Gi", "spec", "storage", "size")
                        .spec(
                                "postgresqlParams",
                                Map.of("max_wal_size", "4GB", "wal_keep_size", "2GB", "checkpoint_timeout", "1h"))
                        .spec("backup", ObjectStore.backup(Backups.NEVER))
                        .with(Map.of("count", 1), "spec", "backup", "retention"))
                .awaitPhase("Running");
        backups.awaitArchived(backups.switchWal());
        // Hexadecimal digits at random: what an engine compresses a little.
        sql(
                "CREATE TABLE data AS SELECT string_agg(md5(random()::text), '') AS text FROM generate_series(1, 1500000) AS i"
                        + " GROUP BY i / 30");
        for (long size = size(); size < GIGABYTES * 1000L * MEGABYTE * 0.97; size = size()) {
            long rows = Long.parseLong(sql("SELECT count(*) FROM data"));
            double missing = GIGABYTES * 1000L * MEGABYTE - size;
            sql("INSERT INTO data SELECT * FROM data LIMIT %d"
                    .formatted(Math.min(rows, (long) Math.ceil(rows * missing / size))));
        }
        backups.awaitArchived(backups.switchWal());
        backups.take("first");
    }

    private String sql(String statement) {
        return cluster.sql(cluster.primary(), statement);
    }

    private long size() {
        return Long.parseLong(sql("SELECT sum(pg_database_size(oid)) FROM pg_database"));
    }

    private String shell(String script) {
        return cluster.exec(cluster.primary(), "bash", "-c", SHELL + script)
                .orThrow()
                .strip();
    }

    private Sample measure(String script) {
        String[] words = shell(script).lines().toList().getLast().split(" ", -1);
        return new Sample(
                Long.parseLong(words[0]) / 1e9, Long.parseLong(words[1]) / 1e6, words.length > 2 ? words[2] : "");
    }

    @Test
    @Order(1)
    void archiving() {
        List<Double> product = new ArrayList<>();
        List<Double> byHand = new ArrayList<>();
        List<Double> productCpu = new ArrayList<>();
        List<Double> byHandCpu = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            sql("ALTER SYSTEM SET archive_command = 'false'");
            sql("SELECT pg_reload_conf()");
            sql("CREATE TABLE wal AS SELECT * FROM data LIMIT (SELECT 6.4e8 / avg(length(text)) FROM data)");
            sql("DROP TABLE wal");
            sql("SELECT pg_switch_wal()");
            Sample drained = measure("""
                    ls "$status" | sed -n 's/^\\([0-9A-F]\\{24\\}\\).ready$/\\1/p' >/tmp/segments
                    first=$(head -n 1 /tmp/segments) last=$(tail -n 1 /tmp/segments)
                    psql -XAtq -c "ALTER SYSTEM RESET archive_command" -c "SELECT pg_reload_conf()" >/dev/null
                    while [ -e "$status/$first.ready" ]; do sleep 0.02; done
                    begin
                    while [ -e "$status/$last.ready" ]; do sleep 0.02; done
                    end $(($(wc -l </tmp/segments) - 1))
                    """);
            Sample pushed = measure("""
                    by_hand stanza-create
                    begin
                    for segment in $(tail -n +2 /tmp/segments); do by_hand archive-push "$PGDATA/pg_wal/$segment"; done
                    end $(($(wc -l </tmp/segments) - 1))
                    forget
                    """);
            add(drained, Double.parseDouble(drained.said()), product, productCpu);
            add(pushed, Double.parseDouble(pushed.said()), byHand, byHandCpu);
        }
        say(String.format(
                Locale.ROOT,
                "| %d runs, %.1f GB | by the operator's programs: min | median | max | CPU s | by hand: min | median | max | CPU s | of the bare engine, %% |",
                RUNS,
                size() / 1e9));
        say("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        row("WAL segments archived per second; CPU per segment", product, productCpu, byHand, byHandCpu);
    }

    /** A rate, and the processor time of a unit. */
    private static void add(Sample sample, double amount, List<Double> rates, List<Double> cpu) {
        rates.add(amount / sample.seconds());
        cpu.add(sample.cpuSeconds() / amount);
    }

    private static void row(
            String what, List<Double> product, List<Double> productCpu, List<Double> byHand, List<Double> byHandCpu) {
        say(String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %s | %.2f | %.0f |",
                what,
                spread(product),
                median(productCpu),
                spread(byHand),
                median(byHandCpu),
                100 * median(product) / median(byHand)));
    }

    @Test
    @Order(2)
    void baseBackups() {
        List<Double> product = new ArrayList<>();
        List<Double> byHand = new ArrayList<>();
        List<Double> productCpu = new ArrayList<>();
        List<Double> byHandCpu = new ArrayList<>();
        double megabytes = size() / MEGABYTE;
        for (int run = 0; run < RUNS; run++) {
            oneBackup();
            add(measure("begin\n" + start() + WAIT_FOR_JOB + "end\n"), megabytes, product, productCpu);
            oneBackup();
            // Its WAL goes elsewhere, so it does not wait for it.
            add(measure("""
                            by_hand stanza-create
                            begin
                            by_hand --type=full --no-archive-check backup
                            end
                            forget
                            """), megabytes, byHand, byHandCpu);
        }
        row("base backup, MB/s; CPU per GB", product, perGigabyte(productCpu), byHand, perGigabyte(byHandCpu));
    }

    private static List<Double> perGigabyte(List<Double> perMegabyte) {
        return perMegabyte.stream().map(value -> value * 1000).toList();
    }

    private String start() {
        return "backup start --id bench-%d --type full --revision \"$(cat /etc/backup/revision)\"%n".formatted(++jobs);
    }

    /** Nothing goes on, and retention has deleted the former backup. */
    private void oneBackup() {
        backups.await(
                "one backup is left",
                status -> status.path("backupCount").asInt() == 1 && !status.has("currentBackup"));
    }

    @Test
    @Order(3)
    void fetching() {
        List<Double> product = new ArrayList<>();
        List<Double> byHand = new ArrayList<>();
        List<Double> productCpu = new ArrayList<>();
        List<Double> byHandCpu = new ArrayList<>();
        double megabytes = size() / MEGABYTE;
        backups.take("fetched");
        oneBackup();
        String backup = backups.status().path("lastBackupName").asText();
        for (int run = 0; run < RUNS; run++) {
            add(measure("""
                            mkdir "$PGROOT/fetched"
                            begin
                            engine-pgbackrest fetch %s "$PGROOT/fetched"
                            end
                            rm -r "$PGROOT/fetched"
                            """.formatted(backup)), megabytes, product, productCpu);
            add(measure("""
                            mkdir "$PGROOT/fetched"
                            begin
                            engine --stanza=main --repo1-path="/$(cat /etc/backup/path)/16" --pg1-path="$PGROOT/fetched" --set=%s --type=none restore
                            end
                            rm -r "$PGROOT/fetched"
                            """.formatted(backup)), megabytes, byHand, byHandCpu);
        }
        row("fetched by a restore, MB/s; CPU per GB", product, perGigabyte(productCpu), byHand, perGigabyte(byHandCpu));
    }

    @Test
    @Order(4)
    void latencyOfAClient() {
        List<Double> without = new ArrayList<>();
        List<Double> during = new ArrayList<>();
        ClientPod client = ClientPod.start(ns, "client");
        pgbench(client, "pgbench -i -q -s 10");
        for (int run = 0; run < RUNS; run++) {
            oneBackup();
            without.add(p95(client, false));
            shell(start());
            during.add(p95(client, true));
            shell(WAIT_FOR_JOB);
        }
        say("");
        say("| p95 of a client at 100 transactions per second, ms | min | median | max |");
        say("| --- | --- | --- | --- |");
        say(String.format(Locale.ROOT, "| no backup | %s |", spread(without)));
        say(String.format(Locale.ROOT, "| during a backup | %s |", spread(during)));
        say(String.format(Locale.ROOT, "| higher by, %% | | %.0f | |", 100 * (median(during) / median(without) - 1)));
    }

    /** Of twenty seconds of pgbench, those up to the end of the backup count. */
    private double p95(ClientPod client, boolean during) {
        pgbench(client, "rm -f /tmp/log.*; pgbench -n -c 4 -R 100 -T 20 -l --log-prefix=/tmp/log");
        String until = during ? shell(END_OF_JOB) : FOREVER;
        String[] found = pgbench(client, """
                        cat /tmp/log.* | awk '$5 < %s {print $3}' | sort -n |
                            awk '{v[NR] = $1} END {print v[int(NR * 0.95)], NR}'
                        """.formatted(until)).split(" ", -1);
        System.out.println("transactions counted: " + found[1]);
        return Double.parseDouble(found[0]) / 1000;
    }

    private String pgbench(ClientPod client, String command) {
        Command.Result result = client.exec(
                "env",
                "PGHOST=" + NAME + "-primary",
                "PGUSER=postgres",
                "PGDATABASE=postgres",
                "PGPASSWORD=" + cluster.credential("password"),
                "bash",
                "-ec",
                command);
        return result.orThrow().strip();
    }

    @ParameterizedTest
    @Order(5)
    @ValueSource(ints = {1, 3})
    void restoredClusters(int members) {
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            long began = System.nanoTime();
            ns.apply(Manifest.cluster("restored")
                            .replicas(members)
                            .with("10Gi", "spec", "storage", "size")
                            .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source"))
                    .awaitPhase(Duration.ofMinutes(15), "Running");
            seconds.add((System.nanoTime() - began) / 1e9);
            ns.kubectl("delete", "pgc", "restored", "--timeout=120s").orThrow();
            ns.kubectl("delete", "pvc", "-l", "postgres-operator.smoketurner.com/cluster=restored", "--timeout=120s")
                    .orThrow();
        }
        if (members == 1) {
            say("");
            say("| `kubectl apply` of a restore to Running, seconds | min | median | max |");
            say("| --- | --- | --- | --- |");
        }
        say(String.format(Locale.ROOT, "| %d member%s | %s |", members, members == 1 ? "" : "s", spread(seconds)));
    }

    private static void say(String line) {
        System.out.println("BENCH " + line);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(Locale.ROOT, "%.1f | %.1f | %.1f", sorted.getFirst(), median(values), sorted.getLast());
    }
}

package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a pooler costs and saves: transactions per second and their latency over it and directly, in turns, and what clients notice
 * over each of the two ways while the primary changes.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolerBench {
    private static final int RUNS = Integer.getInteger("runs", 5);
    private static final int SECONDS = Integer.getInteger("seconds", 10);
    private static final String NAME = "bench";

    /** Prints transactions per second and the 95th percentile of the latency in milliseconds. */
    private static final String LOAD = """
            rm -f /tmp/load.*; cd /tmp
            pgbench -n -N -c 16 -j 2 -T "$1" $2 -l --log-prefix=/tmp/load "$3" >/tmp/load.out 2>/tmp/load.err || cat /tmp/load.err >&2
            sed -n 's/^tps = \\([0-9.]*\\).*/\\1/p' /tmp/load.out
            cat /tmp/load.[0-9]* | cut -d' ' -f3 | sort -n | awk '{v[NR]=$1} END {print v[int((NR * 95 + 99) / 100)] / 1000}'
            """;

    private final Namespace ns;
    private final Cluster cluster;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private ClientPod client;

    PoolerBench(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    /** How clients reach the primary. */
    enum Way {
        DIRECT("bench-primary", 5432),
        POOLER("bench-pooler", 6432);

        private final String host;
        private final int port;

        Way(String host, int port) {
            this.host = host;
            this.port = port;
        }

        String connection() {
            return "host=%s port=%d sslmode=require user=postgres dbname=postgres".formatted(host, port);
        }
    }

    /** When clients of pgbench connect. */
    enum Connections {
        KEPT("", "kept"),
        FOR_EACH_TRANSACTION("-C", "one for each transaction");

        private final String option;
        private final String text;

        Connections(String option, String text) {
            this.option = option;
            this.text = text;
        }
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME)
                        .replicas(3)
                        .spec("postgresqlParams", Map.of("max_connections", "200"))
                        .spec("pgbouncer", Map.of("enabled", true)))
                .awaitPhase("Running");
        Waiting.until(
                "the poolers are ready",
                Waiting.LONG,
                () -> cluster.status().path("pgbouncerReadyReplicas").asInt(),
                ready -> ready == 2);
        client = ClientPod.start(ns, "client");
        cluster.exec(cluster.primary(), "pgbench", "-U", "postgres", "-i", "-q", "-s", "10", "postgres")
                .orThrow();
    }

    @Test
    void load() {
        System.out.println("BENCH | way, connections of the clients | runs | transactions/s: min | median | max"
                + " | p95 in ms: min | median | max |");
        System.out.println("BENCH | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (Connections connections : Connections.values()) {
            load(connections);
        }
    }

    private void load(Connections connections) {
        List<Figures> figures = Arrays.stream(Way.values())
                .map(way -> new Figures(way, new ArrayList<>(), new ArrayList<>()))
                .toList();
        for (int run = 0; run < RUNS; run++) {
            for (Figures of : figures) {
                List<Double> numbers = load(of.way(), connections);
                of.rates().add(numbers.get(0));
                of.latencies().add(numbers.get(1));
            }
        }
        for (Figures of : figures) {
            System.out.printf(
                    Locale.ROOT,
                    "BENCH | %s, %s | %d | %s | %s |%n",
                    of.way().name().toLowerCase(Locale.ROOT),
                    connections.text,
                    RUNS,
                    spread(of.rates(), "%.0f"),
                    spread(of.latencies(), "%.1f"));
        }
    }

    /** What pgbench measured on one way. */
    private record Figures(Way way, List<Double> rates, List<Double> latencies) {}

    private List<Double> load(Way way, Connections connections) {
        return client.exec(
                        "env",
                        "PGPASSWORD=" + cluster.credential("password"),
                        "sh",
                        "-c",
                        LOAD,
                        "load",
                        Integer.toString(SECONDS),
                        connections.option,
                        way.connection())
                .orThrow()
                .lines()
                .map(Double::valueOf)
                .toList();
    }

    /** What changes the primary. */
    enum Change {
        SWITCHOVER,
        FAILOVER
    }

    @Test
    void change() {
        Failover.synchronous(cluster);
        System.out.println(
                "BENCH | change of the primary, way | runs | longest time without a write, s: min | median | max"
                        + " | failed transactions | runs with a lost or doubled row |");
        System.out.println("BENCH | --- | --- | --- | --- | --- | --- | --- |");
        for (Change change : Change.values()) {
            change(change);
        }
    }

    private void change(Change change) {
        for (Way way : Way.values()) {
            var longest = new ArrayList<Double>();
            int failed = 0;
            int unclean = 0;
            for (int run = 0; run < RUNS; run++) {
                Seen seen = change(change, way);
                longest.add(seen.history().longestGap(seen.start()).length().toMillis() / 1000.0);
                failed += seen.history().failed().size();
                unclean += seen.clean() ? 0 : 1;
            }
            System.out.printf(
                    Locale.ROOT,
                    "BENCH | %s, %s | %d | %s | %d | %d |%n",
                    change.name().toLowerCase(Locale.ROOT),
                    way.name().toLowerCase(Locale.ROOT),
                    RUNS,
                    spread(longest, "%.2f"),
                    failed,
                    unclean);
        }
    }

    /** What 16 clients saw of one change. */
    private record Seen(Instant start, History history, boolean clean) {}

    private Seen change(Change change, Way way) {
        awaitWhole();
        String before = Failover.leader(cluster);
        try (var writer = Writer.several(cluster, before, way == Way.POOLER)) {
            Instant start = Instant.now();
            switch (change) {
                case SWITCHOVER -> {
                    ns.kubectl("annotate", "pgc", NAME, "--overwrite", Project.GROUP + "/switchover=auto")
                            .orThrow();
                    Waiting.until(
                            "another member than " + before + " leads",
                            Waiting.LONG,
                            () -> Failover.leader(cluster),
                            leader -> !leader.isEmpty() && !leader.equals(before));
                }
                case FAILOVER -> {
                    Pod primary = pod(before);
                    Disruption.POD_FORCE_DELETED.strike(cluster, primary);
                    Waiting.until(
                            "another pod has taken its place",
                            Waiting.LONG,
                            () -> pod(before),
                            pod -> pod != null
                                    && !pod.getMetadata()
                                            .getUid()
                                            .equals(primary.getMetadata().getUid()));
                }
            }
            awaitWhole();
            writer.awaitWriteAfter(Instant.now());
            History history = writer.stop();
            return new Seen(
                    start,
                    history,
                    history.judge(writer.stored(Failover.leader(cluster))).clean());
        }
    }

    private void awaitWhole() {
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitPhase("Running");
    }

    private Pod pod(String name) {
        return ns.client().pods().inNamespace(ns.name()).withName(name).get();
    }

    private static String spread(List<Double> values, String format) {
        List<Double> sorted = values.stream().sorted().toList();
        return "%1$s | %1$s | %1$s"
                .replace("%1$s", format)
                .formatted(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
    }
}

package com.smoketurner.postgres.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import com.smoketurner.postgres.testing.user.Upgrades;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What clients notice of a major upgrade in place. */
@ExtendWith(EndToEnd.class)
class UpgradeBench {
    private static final int RUNS = Integer.getInteger("runs", 5);
    private static final int MEGABYTES = Integer.getInteger("megabytes", 1024);
    private static final String FROM = System.getProperty("from", "15");
    private static final String TO = System.getProperty("to", "18");
    private static final Duration LIMIT = Duration.ofMinutes(20);

    /** pgbench's scale that fills a megabyte. */
    private static final double SCALE_OF_A_MEGABYTE = 1 / 15.0;

    private final Namespace ns;
    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    UpgradeBench(Namespace ns) {
        this.ns = ns;
    }

    @Test
    void upgrade() {
        ObjectStore.prepare(ns);
        for (int run = 1; run <= RUNS; run++) {
            measure("bench-" + run);
        }
        System.out.println("BENCH | from " + FROM + " to " + TO + ", " + MEGABYTES
                + " MB, seconds | median | least | most |\nBENCH | --- | --- | --- | --- |");
        figures.forEach((what, values) -> {
            List<Double> sorted = values.stream().sorted().toList();
            System.out.println(String.format(
                    Locale.ROOT,
                    "BENCH | %s | %.1f | %.1f | %.1f |",
                    what,
                    sorted.get(sorted.size() / 2),
                    sorted.getFirst(),
                    sorted.getLast()));
        });
    }

    private void measure(String name) {
        Cluster cluster = ns.apply(Manifest.cluster(name)
                .with(FROM, "spec", "version")
                .replicas(3)
                .with("4Gi", "spec", "storage", "size")
                .spec("backup", ObjectStore.backup(Backups.NEVER)));
        cluster.awaitPhase("Running");
        String primary = cluster.primary();
        cluster.exec(
                        primary,
                        "pgbench",
                        "-i",
                        "-q",
                        "-s",
                        String.valueOf(Math.max(1, (int) (MEGABYTES * SCALE_OF_A_MEGABYTE))),
                        "postgres")
                .orThrow();
        new Backups(cluster).take("before");
        try (var writer = Writer.several(cluster, primary, false)) {
            Instant begun = Instant.now();
            var upgrades = new Upgrades(cluster);
            upgrades.request(TO);
            JsonNode upgrade = upgrades.awaitEnd(LIMIT);
            Instant stopped = Instant.parse(upgrade.path("stoppedAt").asText());
            figure(
                    "nobody could write, by what clients saw",
                    seconds(writer.stop().longestGap(begun).length()));
            figure("from the request to the stop (checks)", between(begun, stopped));
            JsonNode times = Json.parse(
                            cluster.exec(cluster.primary(), "cat", "/home/postgres/pgdata/pgroot/.upgrade/state.json")
                                    .orThrow())
                    .path("times");
            figure("shutdown", between(stopped, time(times, "Stopped")));
            figure("replicas have all WAL", between(time(times, "Stopped"), time(times, "Converting")));
            figure("pg_upgrade", between(time(times, "Converting"), time(times, "Inspecting")));
            figure(
                    "look at the new server, first statistics",
                    between(time(times, "Inspecting"), time(times, "Ready")));
            figure(
                    "start of the container, Patroni, promotion",
                    between(
                            time(times, "Ready"),
                            Instant.parse(upgrade.path("servingAt").asText())));
            figure(
                    "from the request to complete",
                    between(begun, Instant.parse(upgrade.path("completedAt").asText())));
        }
        ns.kubectl("delete", "pgc", name, "--timeout=120s").orThrow();
        ns.kubectl("delete", "pvc", "-l", "postgres-operator.smoketurner.com/cluster=" + name)
                .orThrow();
    }

    private void figure(String what, double value) {
        figures.computeIfAbsent(what, key -> new ArrayList<>()).add(value);
    }

    private static Instant time(JsonNode times, String state) {
        return Instant.parse(times.path(state).asText());
    }

    private static double between(Instant from, Instant to) {
        return seconds(Duration.between(from, to));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }
}

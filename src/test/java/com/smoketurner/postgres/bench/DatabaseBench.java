package com.smoketurner.postgres.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Patience;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many PostgresDatabases on one cluster: how long until all are Ready, what a change takes, and what they cost at rest. */
@ExtendWith(EndToEnd.class)
class DatabaseBench {
    private static final int COUNT = Integer.getInteger("count", 200);
    private static final int MINUTES = Integer.getInteger("minutes", 11);
    private static final int RUNS = Integer.getInteger("runs", 5);
    private static final String NAME = "bench";

    private static final Pattern SESSION = Pattern.compile(
            "\\[(\\d+)\\].*(connection authorized: .*application_name=postgres-operator|disconnection: session time)");

    private final Namespace ns;
    private final Cluster cluster;

    DatabaseBench(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    private static String manifest(int i, String grants) {
        return """
                ---
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: db-%1$d}
                spec:
                  clusterRef: {name: bench}
                  database: {name: db_%1$d, owner: owner_%1$d}
                  roles:
                    - {name: owner_%1$d, privileges: [LOGIN], secretName: owner-%1$d}
                    - {name: reader_%1$d, privileges: [LOGIN], secretName: reader-%1$d}
                  grants: [%2$s]
                  extensions: [uuid-ossp]
                """.formatted(i, grants);
    }

    private static String grant(int i) {
        return "{role: reader_%d, privileges: [SELECT], onTables: ALL}".formatted(i);
    }

    @Test
    void many() throws InterruptedException {
        ns.apply(Manifest.cluster(NAME)
                        .replicas(2)
                        // Each database takes 8 MB from the first moment on.
                        .with("6Gi", "spec", "storage", "size")
                        .spec(
                                "postgresqlParams",
                                Map.of(
                                        "log_connections", "on",
                                        "log_disconnections", "on",
                                        "log_line_prefix", "%m [%p] ")))
                .awaitPhase("Running");
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            all.append(manifest(i, grant(i)));
        }
        Instant begun = Instant.now();
        ns.apply(all.toString());
        double applied = seconds(begun);
        Waiting.until("all are Ready", Patience.of(Duration.ofMinutes(10)), this::ready, ready -> ready == COUNT);
        print("%d PostgresDatabases applied, seconds", COUNT, applied);
        print("all Ready, seconds after the begin of the apply", null, seconds(begun));
        Sessions sessions = sessions();
        print("connections to the server", null, sessions.count());
        print("at the same time", null, sessions.most());
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            times.add(change(run));
        }
        Collections.sort(times);
        print("a grant is in force after the apply, seconds, median of " + RUNS, null, times.get(RUNS / 2));
        print("the longest", null, times.getLast());
        // The second look after a change, and those of the cluster.
        TimeUnit.SECONDS.sleep(60);
        Map<String, String> before = versions();
        int connections = sessions().count();
        TimeUnit.MINUTES.sleep(MINUTES);
        print("connections in %d minutes at rest", MINUTES, sessions().count() - connections);
        Map<String, String> after = versions();
        after.entrySet().removeAll(before.entrySet());
        print("objects that were written meanwhile", null, after.size());
    }

    private int ready() {
        return (int) ns.list("postgresdatabase", "").stream()
                .filter(database -> database.at("/status/phase").asText().equals("Ready"))
                .count();
    }

    /** A privilege is taken away and given again. */
    private double change(int i) {
        String table = "t" + i;
        String database = "db_" + i;
        sql(database, "CREATE TABLE %s (a int)".formatted(table));
        ns.apply(manifest(i, ""));
        await(database, i, table, "f");
        Instant begun = Instant.now();
        ns.apply(manifest(i, grant(i)));
        await(database, i, table, "t");
        return seconds(begun);
    }

    private void await(String database, int i, String table, String answer) {
        Waiting.until(
                "the privilege is " + answer,
                Waiting.LONG,
                () -> sql(database, "SELECT has_table_privilege('reader_%d', '%s', 'SELECT')".formatted(i, table)),
                answer::equals);
    }

    private String sql(String database, String statement) {
        return cluster.exec(cluster.primary(), "psql", "-U", "postgres", "-d", database, "-XAtqc", statement)
                .orThrow()
                .strip();
    }

    private Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        for (String type : List.of("postgresdatabase", "secret")) {
            for (JsonNode object : ns.list(type, "")) {
                versions.put(
                        type + "/" + object.at("/metadata/name").asText(),
                        object.at("/metadata/resourceVersion").asText());
            }
        }
        return versions;
    }

    /** The sessions of the operator: how many there were, and at most at the same time. */
    private record Sessions(int count, int most) {}

    private Sessions sessions() {
        String log = ns.kubectl("logs", cluster.primary(), "-c", "postgres").out();
        Set<String> open = new HashSet<>();
        int count = 0;
        int most = 0;
        for (String line : log.lines().toList()) {
            Matcher session = SESSION.matcher(line);
            if (!session.find()) {
                continue;
            }
            if (line.contains("connection authorized")) {
                count++;
                open.add(session.group(1));
                most = Math.max(most, open.size());
            } else {
                open.remove(session.group(1));
            }
        }
        return new Sessions(count, most);
    }

    private static double seconds(Instant begun) {
        return Duration.between(begun, Instant.now()).toMillis() / 1000.0;
    }

    private static void print(String what, @Nullable Object detail, Object value) {
        System.out.printf(Locale.ROOT, "BENCH | %s | %s |%n", detail == null ? what : what.formatted(detail), value);
    }
}

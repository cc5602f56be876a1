package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A restore to a time has exactly the rows that were committed by then, whichever member led and whatever was backed up or deleted
 * meanwhile. A client knows which: what was acknowledged before the time is there, what was sent after it is not.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PointInTimeE2E {
    private static final String NAME = "shop";
    private static final Duration IDLE = Duration.ofSeconds(20);

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private int requests;

    PointInTimeE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    private void annotate(String name, String value) {
        ns.kubectl("annotate", "pgc", NAME, Project.GROUP + "/" + name + "=" + value, "--overwrite")
                .orThrow();
    }

    private void backUp() {
        backups.take("request-" + ++requests);
    }

    private void loseThePrimary(Disruption disruption) {
        Pod primary = pod(cluster.primary());
        disruption.strike(cluster, primary);
        String name = primary.getMetadata().getName();
        Waiting.until(
                "another member leads, or " + name + " again",
                Waiting.LONG,
                () -> pod(name),
                now -> !Failover.leader(cluster).equals(name)
                        || !now.getMetadata()
                                .getUid()
                                .equals(primary.getMetadata().getUid()));
        Failover.awaitStreaming(cluster, 2);
    }

    private void switchOver() {
        String before = cluster.primary();
        annotate("switchover", "auto");
        cluster.awaitPrimaryOtherThan(before);
        Failover.awaitStreaming(cluster, 2);
    }

    private Pod pod(String name) {
        return ns.client().pods().inNamespace(ns.name()).withName(name).require();
    }

    @Test
    @Acceptance({113, 115})
    void eachSecondOfTheHistoryHasTheRowsThatWereCommittedByThen() {
        ObjectStore.prepare(ns);
        ns.apply(Manifest.cluster(NAME)
                        .noTls()
                        .replicas(3)
                        .spec("postgresqlParams", Map.of("archive_timeout", "10s"))
                        .spec("backup", ObjectStore.backup(Backups.NEVER))
                        .with(true, "spec", "backup", "enableDeltaBackups")
                        .with(1, "spec", "backup", "deltaMaxSteps")
                        .with(Map.of("count", 1), "spec", "backup", "retention"))
                .awaitPhase("Running");
        Failover.awaitStreaming(cluster, 2);
        Failover.synchronous(cluster);
        backUp();
        Instant idle;
        History history;
        try (var writer = Writer.start(cluster, cluster.primary(), null)) {
            backUp();
            loseThePrimary(Disruption.POD_DELETED);
            for (int extra = 1; extra < Thorough.times(5, 2); extra++) {
                loseThePrimary(Disruption.POD_FORCE_DELETED);
                backUp();
            }
            switchOver();
            history = writer.stop();
            idle = Instant.now().plus(IDLE);
            JsonNode backup = backups.await(
                    "the window goes on although nobody writes",
                    status -> status.has("recoveryWindowEnd") && end(status).isAfter(idle.plusSeconds(2)));
            restoreAll(writer, history, times(history, backup, idle));
        }
    }

    private static Instant start(JsonNode backup) {
        return Instant.parse(backup.path("recoveryWindowStart").asText());
    }

    private static Instant end(JsonNode backup) {
        return Instant.parse(backup.path("recoveryWindowEnd").asText());
    }

    /** Both ends of the window, an idle time, and seconds at random, which the message of a failure names. */
    private static List<Instant> times(History history, JsonNode backup, Instant idle) {
        Instant first = start(backup).plusSeconds(1);
        Instant last = end(backup).minusSeconds(1);
        long range =
                Duration.between(first, history.attempts().getLast().answered()).toMillis();
        var random = new Random();
        var times = new ArrayList<>(List.of(first, idle, last));
        while (times.size() < Thorough.times(20, 6)) {
            times.add(first.plusMillis((long) (random.nextDouble() * range)));
        }
        return times.stream().map(time -> time.truncatedTo(ChronoUnit.MILLIS)).toList();
    }

    /** Three at the same time. */
    private void restoreAll(Writer writer, History history, List<Instant> times) {
        for (int from = 0; from < times.size(); from += 3) {
            List<Instant> some = times.subList(from, Math.min(from + 3, times.size()));
            List<Cluster> copies = new ArrayList<>();
            for (Instant time : some) {
                copies.add(ns.apply(Manifest.cluster("copy-" + (from + copies.size()))
                        .noTls()
                        .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source")
                        .with(Map.of("time", time.toString()), "spec", "restore", "target")));
            }
            for (int i = 0; i < copies.size(); i++) {
                judge(writer, history, copies.get(i).awaitPhase("Running"), some.get(i));
            }
            copies.forEach(copy ->
                    ns.kubectl("delete", "pgc", copy.name(), "--wait=false").orThrow());
        }
    }

    private static void judge(Writer writer, History history, Cluster copy, Instant time) {
        List<Long> rows = writer.storedIn(copy);
        assertThat(rows).doesNotHaveDuplicates();
        assertThat(history.acknowledged().stream()
                        .filter(write -> !write.answered().isAfter(time))
                        .map(History.Attempt::number)
                        .filter(number -> !rows.contains(number)))
                .as("acknowledged by %s and not there", time)
                .isEmpty();
        assertThat(history.attempts().stream()
                        .filter(write -> write.sent().isAfter(time))
                        .map(History.Attempt::number)
                        .filter(rows::contains))
                .as("sent after %s and there", time)
                .isEmpty();
    }
}

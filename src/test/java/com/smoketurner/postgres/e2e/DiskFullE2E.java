package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Volumes are filled until no server runs any more: larger ones are all that is needed, and nothing is lost. */
@ExtendWith(EndToEnd.class)
class DiskFullE2E {
    private static final Duration VERY_LONG = Waiting.LONG.multipliedBy(2);

    private static final String BACK_OFF = "CrashLoopBackOff";

    private static final String NOBODY_SERVES = "(Recovering|Failed)";

    /** In percent of a volume, from where on it counts as full here. */
    private static final int FULL = 94;

    /** Some megabytes of a table, and as many of write-ahead log. */
    private static final String FILL =
            "INSERT INTO filler SELECT repeat(md5(n::text), 8) FROM generate_series(1, 16000) AS n";

    private final Namespace ns;

    DiskFullE2E(Namespace ns) {
        this.ns = ns;
    }

    @Test
    void largerVolumesBringTheServersBack() {
        recovers("full", cluster -> {});
    }

    @Test
    void alsoWhenEveryContainerCrashesAgainAndAgain() {
        recovers(
                "crashed",
                cluster -> Waiting.until(
                        "no container runs and all wait to be started again",
                        VERY_LONG,
                        () -> crash(cluster),
                        reasons -> reasons.equals(List.of(BACK_OFF, BACK_OFF, BACK_OFF))));
    }

    /** Kills the containers that run; why the others do not. */
    private List<String> crash(Cluster cluster) {
        List<Pod> pods = cluster.pods();
        pods.stream()
                .filter(pod -> waiting(pod).isEmpty())
                .forEach(pod -> ns.lab().signal("KILL", pod, "postgres"));
        return pods.stream().map(DiskFullE2E::waiting).toList();
    }

    private static String waiting(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(status -> status.getState().getWaiting())
                .filter(Objects::nonNull)
                .map(ContainerStateWaiting::getReason)
                .findFirst()
                .orElse("");
    }

    private void recovers(String name, Consumer<Cluster> worse) {
        Cluster cluster = ns.apply(Manifest.cluster(name)
                        .replicas(3)
                        .with("400Mi", "spec", "storage", "size")
                        .spec("replication", Map.of("mode", "sync", "minSync", 2)))
                .awaitPhase("Running");
        Failover.awaitStreaming(cluster, 2);
        cluster.sql(cluster.primary(), "CREATE TABLE filler (t text)");
        cluster.sql(cluster.primary(), "SELECT pg_create_logical_replication_slot('forgotten', 'test_decoding')");
        cluster.pods().forEach(pod -> archiveNothing(cluster, pod.getMetadata().getName()));
        try (var writer = Writer.start(cluster, cluster.primary(), null)) {
            fillUntilItIsReported(cluster);
            fillUntilNobodyServes(cluster);
            worse.accept(cluster);
            cluster.patch("{\"spec\":{\"storage\":{\"size\":\"800Mi\"}}}");
            cluster.awaitPhase(VERY_LONG, "Running");
            cluster.awaitCondition("StorageExpanded", "True", "StorageUpToDate");
            writer.awaitWriteAfter(Instant.now());
            History history = writer.stop();
            System.out.printf(
                    "%s: %d writes acknowledged, %d not; longest time without one %d s%n",
                    name,
                    history.acknowledged().size(),
                    history.attempts().size() - history.acknowledged().size(),
                    history.longestGap(history.attempts().getFirst().sent())
                            .length()
                            .toSeconds());
            history.judge(writer.stored(Failover.leader(cluster))).orThrow();
        }
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitCondition("StoragePressure", "False", "StorageSufficient");
        assertThat(cluster.eventCount("ReinitializeStarted"))
                .as("a member with a full volume is not broken")
                .isZero();
    }

    /** So no write-ahead log is removed. */
    private static void archiveNothing(Cluster cluster, String pod) {
        cluster.sql(pod, "ALTER SYSTEM SET archive_command = '/bin/false'");
        cluster.sql(pod, "SELECT pg_reload_conf()");
    }

    private static void fillUntilItIsReported(Cluster cluster) {
        Waiting.until(
                "the primary's volume is almost full",
                Waiting.LONG,
                () -> fill(cluster, "SELECT 1").getOrDefault(Failover.leader(cluster), 0),
                used -> used >= 86);
        // Members say so one by one, and the first need not be the primary.
        Waiting.until(
                "the condition names the primary",
                Waiting.LONG,
                () -> cluster.awaitCondition("StoragePressure", "True", "VolumeAlmostFull")
                        .message(),
                message -> message.contains(Failover.leader(cluster))
                        && message.contains("raise spec.storage.size")
                        && message.contains("replication slot forgotten, which has no consumer, holds "));
        assertThat(cluster.awaitEvent("StoragePressure").getMessage()).contains("spec.storage.size");
        assertThat(cluster.phase()).isEqualTo("Running");
    }

    private static void fillUntilNobodyServes(Cluster cluster) {
        Waiting.until(
                "every volume is full and nobody serves",
                VERY_LONG,
                () -> {
                    Map<String, Integer> used = fill(cluster, "SELECT pg_switch_wal()");
                    String phase = cluster.phase();
                    if (phase.matches(NOBODY_SERVES)) {
                        used.forEach((pod, percent) -> fillTheRest(cluster, pod, percent));
                    }
                    return used + " " + phase;
                },
                seen -> !seen.contains("=-1") && seen.matches("\\{(\\S+=(9[4-9]|100),? ?)+} " + NOBODY_SERVES));
    }

    /** Of a member with some room left: one that fails at its promotion again and again may keep it from ever leading. */
    private static void fillTheRest(Cluster cluster, String pod, int percent) {
        if (percent < FULL) {
            cluster.exec(pod, "sh", "-c", "head -c 8000000 /dev/zero >> \"$PGROOT/ballast\"");
        }
    }

    /** Writes to whoever leads, if that is possible; how full the members' volumes are then, in percent. */
    private static Map<String, Integer> fill(Cluster cluster, String then) {
        String leader = Failover.leader(cluster);
        if (!leader.isEmpty()) {
            // What the table no longer takes ends in an error; a segment of write-ahead log that finds no room ends the
            // server.
            cluster.exec(leader, "psql", "-U", "postgres", "-Xq", "-c", FILL, "-c", then);
        }
        return cluster.pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .collect(Collectors.toMap(Function.identity(), pod -> used(cluster, pod), (a, b) -> a, TreeMap::new));
    }

    private static int used(Cluster cluster, String pod) {
        String percent = cluster.exec(pod, "sh", "-c", "df -P \"$PGROOT\" | awk 'NR == 2 {print $5}'")
                .out()
                .strip()
                .replace("%", "");
        return percent.isEmpty() ? -1 : Integer.parseInt(percent);
    }
}

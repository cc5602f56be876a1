package com.smoketurner.postgres.testing.history;

import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** One lost primary under a writer, up to the moment when the cluster is whole again. */
public record Failover(
        Disruption disruption,
        String oldPrimary,
        String newPrimary,
        History history,
        History.Verdict verdict,
        History.Gap gap) {
    private static final String STREAMING = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'";

    /**
     * Commits wait for every replica from now on, so that what is acknowledged survives the primary, and the node of the
     * primary even where another member shares it. (With one synchronous replica of two, the node that holds both it and
     * the primary takes the cluster with it: Patroni rightly promotes nobody who may lack a row.)
     */
    public static void synchronous(Cluster cluster) {
        int replicas = cluster.pods().size() - 1;
        cluster.exec(
                        cluster.primary(),
                        "patronictl",
                        "edit-config",
                        "--force",
                        "-s",
                        "synchronous_mode=true",
                        "-s",
                        "synchronous_node_count=" + replicas)
                .orThrow();
        Waiting.until(
                "every replica is synchronous",
                Waiting.SHORT,
                () -> cluster.sql(
                        cluster.primary(),
                        "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"),
                Integer.toString(replicas)::equals);
    }

    /**
     * Strikes and watches. The writer sits on a node other than the primary's. Who leads is read from Patroni's own
     * record, so this works while the operator is down too.
     */
    public static Failover run(Cluster cluster, Disruption disruption) {
        String before = leader(cluster);
        Pod primary = pod(cluster, before);
        int members = cluster.pods().size();
        awaitCandidates(cluster, members - 1);
        try (var writer = Writer.start(cluster, before, otherNode(cluster, primary))) {
            Instant strike = Instant.now();
            String after;
            disruption.strike(cluster, primary);
            try {
                Waiting.until(
                        "another member than " + before + " leads",
                        Waiting.LONG,
                        () -> leader(cluster),
                        l -> !l.isEmpty()
                                && (!l.equals(before) || (disruption.mayKeepLeading() && isBack(cluster, primary))));
                writer.awaitWriteAfter(Instant.now());
                after = leader(cluster);
            } finally {
                disruption.undo(cluster, primary);
            }
            awaitWhole(cluster, after, members);
            History history = writer.stop();
            var verdict = history.judge(writer.stored(leader(cluster)));
            return new Failover(disruption, before, after, history, verdict, history.longestGap(strike));
        }
    }

    /** Whether the container that was struck has been replaced by one that runs. */
    private static boolean isBack(Cluster cluster, Pod struck) {
        return cluster.pods().stream()
                .filter(p ->
                        p.getMetadata().getName().equals(struck.getMetadata().getName()))
                .flatMap(p -> p.getStatus().getContainerStatuses().stream())
                .anyMatch(status -> Boolean.TRUE.equals(status.getStarted())
                        && struck.getStatus().getContainerStatuses().stream()
                                .noneMatch(was -> Objects.equals(was.getContainerID(), status.getContainerID())));
    }

    /** The old primary is back as a replica of the new one. */
    private static void awaitWhole(Cluster cluster, String leader, int members) {
        Waiting.until(
                "all other members stream from " + leader,
                Waiting.LONG,
                () -> streaming(cluster, leader),
                Integer.toString(members - 1)::equals);
    }

    /** Waits until so many replicas stream from whoever leads by then. */
    public static void awaitStreaming(Cluster cluster, int replicas) {
        Waiting.until(
                replicas + " replicas stream",
                Waiting.LONG,
                () -> streaming(cluster, leader(cluster)),
                Integer.toString(replicas)::equals);
    }

    private static String streaming(Cluster cluster, String leader) {
        return cluster.exec(leader, "psql", "-U", "postgres", "-XAtqc", STREAMING)
                .out()
                .strip();
    }

    /** Every replica may take over: Patroni promotes only members of its record, which follows a restart after a moment. */
    private static void awaitCandidates(Cluster cluster, int replicas) {
        Waiting.until(
                "Patroni counts every replica as synchronous",
                Waiting.SHORT,
                () -> annotation(cluster, cluster.name() + "-sync", "sync_standby"),
                names -> names.split(",").length == replicas && !names.isEmpty());
    }

    /** Who holds Patroni's leader key. */
    public static String leader(Cluster cluster) {
        return annotation(cluster, cluster.name(), "leader");
    }

    private static String annotation(Cluster cluster, String endpoints, String key) {
        return PatroniRecords.read(
                cluster.namespace().client(), cluster.namespace().name(), endpoints, key);
    }

    private static Pod pod(Cluster cluster, String name) {
        return cluster.pods().stream()
                .filter(p -> p.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String otherNode(Cluster cluster, Pod primary) {
        List<String> nodes = cluster.namespace().client().nodes().list().getItems().stream()
                .map(n -> n.getMetadata().getName())
                .toList();
        return nodes.stream()
                .filter(n -> !n.equals(primary.getSpec().getNodeName()))
                .findFirst()
                .orElse(nodes.getFirst());
    }
}

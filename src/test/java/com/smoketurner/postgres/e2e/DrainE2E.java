package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nodes are taken out of service: the primary leaves them in time, and nothing acknowledged is lost. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Alone("nodes are cordoned and drained")
@Tag(Alone.NODES)
class DrainE2E {
    private final Cluster cluster;
    private final Lab lab;

    DrainE2E(Namespace ns, Lab lab) {
        cluster = ns.cluster("moves");
        this.lab = lab;
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster("moves").replicas(3)).awaitPhase("Running");
        Failover.synchronous(cluster);
    }

    @AfterEach
    void uncordon() {
        nodes().forEach(node -> kubectl("uncordon", node));
    }

    private Command.Result kubectl(String... args) {
        return lab.kubectl("", List.of(args));
    }

    private List<String> nodes() {
        return cluster.namespace().client().nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .toList();
    }

    private Optional<Pod> pod(String name) {
        return cluster.pods().stream()
                .filter(p -> p.getMetadata().getName().equals(name))
                .findFirst();
    }

    private String nodeOf(String pod) {
        return pod(pod).map(p -> p.getSpec().getNodeName()).orElse("");
    }

    private String uid(String pod) {
        return pod(pod).map(p -> p.getMetadata().getUid()).orElse("");
    }

    /** Its name may be that of the former one: what was evicted comes back on another node and may lead again. */
    private String awaitPrimaryElsewhere(String node) {
        return Waiting.until(
                "the primary is on another node than " + node,
                Waiting.LONG,
                cluster::primary,
                primary -> !List.of("", node).contains(nodeOf(primary)));
    }

    private void awaitWhole() {
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitPhase("Running");
    }

    @Test
    @Order(1)
    void aCordonedNodeLosesThePrimaryByASwitchover() {
        awaitWhole();
        String before = cluster.primary();
        String node = nodeOf(before);
        List<String> uids =
                cluster.pods().stream().map(p -> p.getMetadata().getUid()).toList();
        kubectl("cordon", node).orThrow();
        String after = cluster.awaitPrimaryOtherThan(before);
        assertThat(nodeOf(after)).isNotEqualTo(node);
        assertThat(cluster.awaitEvent("SwitchoverStarted").getMessage())
                .contains(before, after, "its node is cordoned");
        awaitWhole();
        assertThat(cluster.pods().stream().map(p -> p.getMetadata().getUid()).toList())
                .as("nobody is evicted by a cordon")
                .isEqualTo(uids);
    }

    @Test
    @Order(2)
    @Acceptance(198)
    void aDrainedNodeLosesItsMembersOneByOne() {
        awaitWhole();
        String before = cluster.primary();
        String uid = uid(before);
        String node = nodeOf(before);
        String other = nodes().stream().filter(n -> !n.equals(node)).findFirst().orElseThrow();
        try (var writer = Writer.start(cluster, before, other)) {
            Instant start = Instant.now();
            int changes = cluster.eventCount("PrimaryChanged");
            kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=290s")
                    .orThrow();
            assertThat(uid(awaitPrimaryElsewhere(node))).isNotEqualTo(uid);
            Waiting.until(
                    "another member took over, and not the evicted one in its new pod alone",
                    Waiting.LONG,
                    () -> cluster.eventCount("PrimaryChanged"),
                    now -> now > changes);
            assertThat(cluster.pods())
                    .noneMatch(p -> node.equals(p.getSpec().getNodeName())
                            && p.getMetadata().getDeletionTimestamp() == null);
            kubectl("uncordon", node).orThrow();
            awaitWhole();
            writer.awaitWriteAfter(Instant.now());
            History history = writer.stop();
            System.out.printf(
                    "drain of the primary's node: %d writes acknowledged, longest time without one %d ms%n",
                    history.acknowledged().size(),
                    history.longestGap(start).length().toMillis());
            history.judge(writer.stored(Failover.leader(cluster))).orThrow();
        }
    }
}

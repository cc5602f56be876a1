package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Members that hang: the phases tell the truth, and the cluster comes back without help. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecoveryE2E {
    private final Namespace ns;
    private final Cluster cluster;

    RecoveryE2E(Namespace ns) {
        this.ns = ns;
        this.cluster = ns.cluster("hangs");
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster("hangs").replicas(2)).awaitPhase("Running");
    }

    private void signal(String signal, List<Pod> pods) {
        pods.forEach(pod -> ns.lab().signal(signal, pod, "postgres"));
    }

    /** Stopped processes answer no probe, and nobody tells them from a machine that hangs. */
    @Test
    @Order(1)
    @Acceptance(36)
    void oneReplicaDownIsDegraded() {
        List<Pod> replica = cluster.pods().stream()
                .filter(p -> !p.getMetadata().getName().equals(cluster.primary()))
                .toList();
        signal("STOP", replica);
        try {
            cluster.awaitPhase("Degraded");
            assertThat(cluster.awaitEvent("ClusterDegraded").getMessage())
                    .startsWith("State changed from Running to Degraded");
            assertThat(cluster.awaitCondition("Ready", "True", "ClusterReady").message())
                    .isNotEmpty();
        } finally {
            signal("CONT", replica);
        }
        cluster.awaitPhase("Running");
    }

    @Test
    @Order(2)
    @Acceptance(35)
    void allMembersDownIsNeverCalledRunning() {
        List<Pod> all = cluster.pods();
        try (var phases = new PhaseWatch(cluster)) {
            signal("STOP", all);
            try {
                cluster.awaitPhase("Recovering");
                cluster.awaitCondition("Ready", "False", "NoPrimary");
            } finally {
                signal("CONT", all);
            }
            // The watch may be behind what was read, and then still at the first Running.
            Waiting.until(
                    "it is Running again",
                    Waiting.LONG,
                    phases::seen,
                    seen -> seen.contains("Recovering") && seen.getLast().equals("Running"));
            assertThat(phases.seen()).doesNotContain("Failed", "Updating");
        }
        assertThat(cluster.sql(cluster.primary(), "SELECT 1")).isEqualTo("1");
    }
}

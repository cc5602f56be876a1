package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
        ObjectStore.prepare(ns);
        ns.apply(Manifest.cluster("hangs").replicas(2).spec("backup", ObjectStore.backup(Backups.NEVER)))
                .awaitPhase("Running");
    }

    private void signal(String signal, List<Pod> pods) {
        pods.forEach(pod -> ns.lab().signal(signal, pod, "postgres"));
    }

    /** Stopped processes answer no probe, and nobody tells them from a machine that hangs. */
    @Test
    @Order(1)
    @Acceptance(36)
    void oneReplicaDownIsDegraded() {
        List<Pod> replica = cluster.replicas();
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

    /**
     * A member begins a timeline that the other does not see, and hangs. Without the archive the other would begin one of the same
     * number: the rows were lost, and the two histories could never be told apart.
     */
    @Test
    @Order(3)
    void aTimelineThatNoOtherMemberHasSeenIsContinuedFromTheArchive() {
        Pod former = pods().withName(cluster.primary()).require();
        List<Pod> others = cluster.replicas();
        signal("STOP", others);
        Pod again;
        try {
            ns.kubectl("delete", "pod", name(former), "--timeout=120s").orThrow();
            again = Waiting.until(
                    name(former) + " leads again",
                    Waiting.LONG,
                    () -> pods().withName(name(former)).get(),
                    pod -> pod != null
                            && !pod.getMetadata()
                                    .getUid()
                                    .equals(former.getMetadata().getUid())
                            && writable(pod));
            cluster.sql(name(again), "CREATE TABLE seen AS SELECT 1 AS row");
            String segment = cluster.sql(name(again), "SELECT pg_walfile_name(pg_switch_wal())");
            Waiting.until(
                    segment + " is archived",
                    Waiting.LONG,
                    () -> cluster.sql(name(again), "SELECT last_archived_wal FROM pg_stat_archiver"),
                    last -> last.compareTo(segment) >= 0);
            signal("STOP", List.of(again));
        } finally {
            signal("CONT", others);
        }
        try {
            // The kubelet restarts what does not answer, and another member may need longer than that to take over.
            Waiting.until(
                    "another member than " + name(former) + " leads",
                    Waiting.LONG,
                    () -> {
                        signal("STOP", List.of(pods().withName(name(former)).require()));
                        return Failover.leader(cluster);
                    },
                    leader -> !leader.isEmpty() && !leader.equals(name(former)));
            cluster.awaitPrimaryOtherThan(name(former));
            assertThat(cluster.sql(cluster.primary(), "SELECT row FROM seen")).isEqualTo("1");
        } finally {
            signal("CONT", List.of(pods().withName(name(former)).require()));
        }
        Failover.awaitStreaming(cluster, 1);
        cluster.awaitPhase("Running");
    }

    private NonNamespaceOperation<Pod, PodList, PodResource> pods() {
        return ns.client().pods().inNamespace(ns.name());
    }

    private boolean writable(Pod pod) {
        return cluster.exec(name(pod), "psql", "-XAtqc", "CREATE TEMPORARY TABLE probe ()")
                .ok();
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }

    /**
     * Patroni leaves the key of the bootstrap behind, and initdb half a server. A policy keeps Patroni from the API server until
     * what stops initdb is there.
     */
    @Test
    @Order(4)
    void aCreationThatIsKilledBeginsAgain() {
        ns.apply("""
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: not-yet}
                spec: {podSelector: {matchLabels: {%s/cluster: cut}}, policyTypes: [Egress]}
                """.formatted(Project.GROUP));
        Cluster cut = ns.apply(Manifest.cluster("cut").noTls());
        var pod = ns.client().pods().inNamespace(ns.name()).withName("cut-0");
        pod.waitUntilCondition(RecoveryE2E::runs, Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        cut.exec("cut-0", "sh", "-c", """
                        (until initdb=$(ps -eo pid,comm | awk '$2 == "initdb" {print $1; exit}') && [ -n "$initdb" ]; do
                            sleep 0.01
                        done
                        # A little at a time: before the database postgres is made, which comes last.
                        kill -STOP $initdb
                        until [ -d "$PGDATA/base" ]; do
                            kill -CONT $initdb
                            sleep 0.01
                            kill -STOP $initdb
                        done
                        [ -e "$PGDATA/base/5" ] || touch /tmp/stopped
                        ) >/dev/null 2>&1 &""").orThrow();
        ns.kubectl("delete", "networkpolicy", "not-yet").orThrow();
        Waiting.until(
                "initdb is stopped in the middle",
                Waiting.SHORT,
                () -> cut.exec("cut-0", "test", "-e", "/tmp/stopped").ok(),
                stopped -> stopped);
        pod.withGracePeriod(0).delete();
        cut.awaitPhase("Running");
        cut.awaitEvent("BootstrapRepeated");
        assertThat(cut.sql("cut-0", "SELECT count(*) FROM pg_database")).isEqualTo("3");
    }

    private static boolean runs(@Nullable Pod pod) {
        return pod != null
                && pod.getStatus().getContainerStatuses().stream()
                        .anyMatch(status -> status.getState().getRunning() != null);
    }
}

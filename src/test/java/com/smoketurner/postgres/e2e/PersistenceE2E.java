package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was written is there again after pods, and even the cluster itself, were deleted. */
@ExtendWith(EndToEnd.class)
class PersistenceE2E {
    private static final String ROWS = "SELECT count(*), sum(n) FROM kept";
    private static final String EXPECTED = "1000|500500";

    private final Namespace ns;

    PersistenceE2E(Namespace ns) {
        this.ns = ns;
    }

    private static void write(Cluster cluster) {
        cluster.sql(
                cluster.primary(),
                "CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000); CHECKPOINT");
    }

    /** Rows committed just now, without a checkpoint, have to come back as well. */
    private static Set<String> uids(Cluster cluster) {
        return cluster.pods().stream().map(p -> p.getMetadata().getUid()).collect(Collectors.toSet());
    }

    private static void awaitOtherPods(Cluster cluster, Set<String> before, int members) {
        Waiting.until(
                "new pods are Ready",
                Waiting.LONG,
                cluster::pods,
                pods -> pods.size() == members
                        && pods.stream()
                                .noneMatch(p -> before.contains(p.getMetadata().getUid()))
                        && pods.stream().allMatch(PersistenceE2E::ready));
        cluster.awaitPhase("Running");
    }

    private static boolean ready(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
    }

    @Test
    @Acceptance(26)
    void aSingleMemberKeepsItsRows() {
        // Without a word about TLS, so with the issuer that the operator makes.
        Cluster cluster =
                ns.apply(Manifest.cluster("single").without("spec", "tls")).awaitPhase("Running");
        String mount =
                cluster.exec("single-0", "sh", "-c", "stat -c %m \"$PGDATA\"").orThrow();
        assertThat(mount.strip()).isEqualTo("/home/postgres/pgdata");
        assertThat(cluster.sql("single-0", "SHOW data_directory")).isEqualTo("/home/postgres/pgdata/pgroot/data");
        // An application that follows the changes, and is away while the only server restarts.
        cluster.sql("single-0", "SELECT pg_create_logical_replication_slot('application', 'test_decoding')");
        cluster.patch("{\"spec\":{\"postgresqlParams\":{\"wal_level\":\"replica\"}}}");
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidParameter")
                        .message())
                .contains("parameter wal_level", "drop the slots first: application");
        cluster.patch("{\"spec\":{\"postgresqlParams\":{\"wal_level\":null}}}");
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
        write(cluster);
        var before = uids(cluster);
        ns.kubectl("delete", "pod", "single-0").orThrow();
        awaitOtherPods(cluster, before, 1);
        assertThat(cluster.sql(cluster.primary(), ROWS)).isEqualTo(EXPECTED);
        String changes =
                "SELECT count(*) FROM pg_logical_slot_get_changes('application', NULL, NULL) WHERE data LIKE '%INSERT%'";
        assertThat(cluster.sql(cluster.primary(), changes)).isEqualTo("1000");
    }

    @Test
    void deletionOfEveryPodAtOnceLosesNothing() {
        Cluster cluster = ns.apply(Manifest.cluster("all").replicas(3)).awaitPhase("Running");
        write(cluster);
        cluster.sql(cluster.primary(), "CREATE TABLE last AS SELECT 42 AS answer");
        var before = uids(cluster);
        ns.kubectl("delete", "pods", "--wait=false", "-l", Project.GROUP + "/cluster=all")
                .orThrow();
        awaitOtherPods(cluster, before, 3);
        // The status may name the primary of before until somebody leads.
        Failover.awaitStreaming(cluster, 2);
        assertThat(cluster.sql(Failover.leader(cluster), ROWS)).isEqualTo(EXPECTED);
        assertThat(cluster.sql(Failover.leader(cluster), "SELECT answer FROM last"))
                .isEqualTo("42");
    }

    @Test
    @Acceptance(40)
    void aClusterOfTheSameNameTakesTheVolumesOver() {
        var manifest = Manifest.cluster("again").replicas(2);
        Cluster cluster = ns.apply(manifest).awaitPhase("Running");
        write(cluster);
        String oldPassword = cluster.credential("password");
        ns.kubectl("delete", "pgc", "again", "--timeout=180s").orThrow();
        Waiting.until(
                "the old credentials are gone",
                Waiting.SHORT,
                () -> ns.get("secret", "again-credentials"),
                JsonNode::isMissingNode);

        ns.apply(manifest);
        cluster.awaitPhase("Running");
        assertThat(cluster.sql(cluster.primary(), ROWS)).isEqualTo(EXPECTED);
        String password = cluster.credential("password");
        assertThat(password).isNotEqualTo(oldPassword);
        ClientPod client = ClientPod.start(ns, "again-client");
        String connection = "host=again-primary user=postgres";
        assertThat(client.psql(connection, password, ROWS).orThrow().strip()).isEqualTo(EXPECTED);
        assertThat(client.psql(connection, oldPassword, ROWS).ok()).isFalse();
        for (String member : List.of("again-0", "again-1")) {
            assertThat(ns.get("pvc", "data-" + member).isMissingNode()).isFalse();
        }
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands that people type inside a pod, as they type them. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MaintenanceE2E {
    private static final String NAME = "care";

    private final Cluster cluster;

    MaintenanceE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster(NAME).replicas(2)).awaitPhase("Running");
    }

    private String other(String member) {
        return member.equals(NAME + "-0") ? NAME + "-1" : NAME + "-0";
    }

    private void awaitStreaming() {
        Failover.awaitStreaming(cluster, 1);
        // Patroni hands over to no member whose record does not say so yet, and patronictl ends with 0 all the same.
        Waiting.until(
                "Patroni calls it streaming",
                Waiting.SHORT,
                () -> cluster.exec(Failover.leader(cluster), "patronictl", "list")
                        .out(),
                list -> list.contains("streaming"));
        cluster.awaitPhase("Running");
    }

    @Test
    @Order(1)
    @Acceptance({196, 215})
    void patroniAndPsqlNeedNoOptions() {
        for (String member : List.of(NAME + "-0", NAME + "-1")) {
            String list = cluster.exec(member, "patronictl", "list").orThrow();
            assertThat(list).contains(NAME + "-0", NAME + "-1", "Leader", "Replica", "streaming");
        }
        String config = cluster.exec(NAME + "-0", "patronictl", "show-config").orThrow();
        assertThat(config).contains("ttl: 20", "loop_wait: 5", "retry_timeout: 5", "failsafe_mode: true");
        String rows = cluster.namespace()
                .kubectl(
                        "exec",
                        cluster.primary(),
                        "--",
                        "psql",
                        "-U",
                        "postgres",
                        "-c",
                        "SELECT * FROM pg_stat_replication;")
                .orThrow();
        assertThat(rows).contains("(1 row)", "streaming");
    }

    @Test
    @Order(2)
    @Acceptance(196)
    void restartOfTheCluster() {
        String before = cluster.sql(cluster.primary(), "SELECT pg_postmaster_start_time()");
        cluster.exec(NAME + "-0", "patronictl", "restart", NAME, "--force").orThrow();
        Waiting.until(
                "the primary has restarted",
                Waiting.SHORT,
                () -> cluster.exec(
                                Failover.leader(cluster),
                                "psql",
                                "-U",
                                "postgres",
                                "-XAtqc",
                                "SELECT pg_postmaster_start_time()")
                        .out()
                        .strip(),
                now -> !now.isEmpty() && !now.equals(before));
        awaitStreaming();
    }

    @Test
    @Order(3)
    @Acceptance({196, 214})
    void switchoverInEverySpelling() {
        // Before PostgreSQL 17 no other member has it, and where it is it would hold WAL for nobody.
        cluster.sql(cluster.primary(), "SELECT pg_create_logical_replication_slot('left_behind', 'test_decoding')");
        switchover("switchover", NAME, "--candidate", "CANDIDATE", "--force");
        Waiting.until(
                "the former primary has dropped the slot",
                Waiting.SHORT,
                () -> cluster.sql(
                        other(cluster.primary()),
                        "SELECT count(*) FROM pg_replication_slots WHERE slot_type = 'logical'"),
                "0"::equals);
        switchover("switchover", NAME, "--master", "PRIMARY", "--candidate", "CANDIDATE", "--force");
        switchover("switchover", NAME, "--master", "PRIMARY", "--force");
        switchover("switchover", "--force");
    }

    private void switchover(String... command) {
        String primary = cluster.primary();
        String candidate = other(primary);
        String[] argv = Stream.concat(Stream.of("patronictl"), Arrays.stream(command))
                .map(word -> word.equals("PRIMARY") ? primary : word.equals("CANDIDATE") ? candidate : word)
                .toArray(String[]::new);
        cluster.exec(primary, argv).orThrow();
        assertThat(cluster.awaitPrimaryOtherThan(primary)).isEqualTo(candidate);
        awaitStreaming();
    }

    @Test
    @Order(4)
    @Acceptance(195)
    void rolloutRestart() {
        String first = cluster.pods().getFirst().getMetadata().getUid();
        String second = cluster.pods().getLast().getMetadata().getUid();
        cluster.namespace().kubectl("rollout", "restart", "sts", NAME).orThrow();
        Waiting.until(
                "both members are new pods",
                Waiting.LONG,
                cluster::pods,
                pods -> pods.size() == 2
                        && pods.stream()
                                .noneMatch(p -> p.getMetadata().getUid().equals(first)
                                        || p.getMetadata().getUid().equals(second)));
        awaitStreaming();
    }
}

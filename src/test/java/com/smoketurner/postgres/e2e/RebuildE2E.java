package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Event;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replicas whose data is damaged come back by themselves, once; after that a person has to ask. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RebuildE2E {
    private static final String NAME = "heal";
    private static final String REINITIALIZE = Project.GROUP + "/reinitialize";

    private final Cluster cluster;

    RebuildE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster(NAME).replicas(3)).awaitPhase("Running");
        cluster.sql(cluster.primary(), "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n");
        cluster.sql(cluster.primary(), "CREATE TABLE filler (n int)");
        awaitStreaming();
    }

    private List<String> replicas() {
        String primary = cluster.primary();
        return cluster.pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(name -> !name.equals(primary))
                .toList();
    }

    private void awaitStreaming() {
        Failover.awaitStreaming(cluster, 2);
    }

    /** Removes something of the data directory, and the server with it. */
    private void damage(String member, String what) {
        String script = "cd \"$PGDATA\" && pid=$(head -n 1 postmaster.pid) && rm -rf " + what + " && kill -9 $pid";
        cluster.exec(member, "sh", "-c", script).orThrow();
    }

    private void awaitStarted(String member, String why) {
        Waiting.until(
                "the rebuild of " + member + " is announced",
                Waiting.LONG,
                () -> cluster.events().stream()
                        .filter(event -> "ReinitializeStarted".equals(event.getReason()))
                        .map(Event::getMessage)
                        .toList(),
                messages -> messages.stream().anyMatch(m -> m.contains(member) && m.contains(why)));
    }

    private void awaitWell(String member) {
        awaitStreaming();
        Waiting.until(
                member + " has everything",
                Waiting.LONG,
                () -> cluster.exec(member, "psql", "-U", "postgres", "-XAtqc", "SELECT count(*) FROM kept")
                        .out()
                        .strip(),
                "1000"::equals);
        cluster.awaitCondition("Degraded", "False", "Healthy");
        cluster.awaitPhase("Running");
    }

    /** Scaled away and back: its server runs on its old volume, and the primary has removed what it lacks. */
    @Test
    @Order(1)
    void aReplicaThatLacksRemovedLogComesBackByItself() {
        cluster.patch("{\"spec\":{\"replicas\":2,\"postgresqlParams\":{\"wal_keep_size\":\"32MB\"}}}");
        Waiting.until("a member is scaled away", Waiting.LONG, cluster::pods, pods -> pods.size() == 2);
        cluster.awaitPhase("Running");
        String lacks = cluster.sql(cluster.primary(), "SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
        Waiting.until(
                "the primary has removed what the member lacks",
                Waiting.LONG,
                this::oldestAfterMoreLog,
                oldest -> oldest.compareTo(lacks) > 0);
        cluster.patch("{\"spec\":{\"replicas\":3}}");
        String member = NAME + "-2";
        awaitStarted(member, "no longer has the WAL");
        awaitWell(member);
    }

    private String oldestAfterMoreLog() {
        String primary = cluster.primary();
        for (int i = 0; i < 4; i++) {
            cluster.sql(primary, "INSERT INTO filler VALUES (1)");
            cluster.sql(primary, "SELECT pg_switch_wal()");
        }
        cluster.sql(primary, "CHECKPOINT");
        return cluster.sql(primary, "SELECT min(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'");
    }

    @Test
    @Order(2)
    void aReplicaThatCannotStartComesBackByItself() {
        String member = replicas().getFirst();
        damage(member, "PG_VERSION");
        assertThat(cluster.awaitCondition("Degraded", "True", "ReplicationBroken")
                        .message())
                .contains(member);
        awaitStarted(member, "does not start");
        awaitWell(member);
    }

    @Test
    @Order(3)
    void aSecondTimeSomebodyHasToAsk() {
        String member = replicas().getFirst();
        int before = cluster.eventCount("ReinitializeStarted");
        damage(member, "global/pg_control");
        Waiting.until(
                "the condition says what to do",
                Waiting.LONG,
                () -> cluster.awaitCondition("Degraded", "True", "ReplicationBroken")
                        .message(),
                message -> message.contains(REINITIALIZE + "=" + member));
        assertThat(cluster.eventCount("ReinitializeStarted")).isEqualTo(before);
        cluster.namespace()
                .kubectl("annotate", "pgc", NAME, REINITIALIZE + "=" + member)
                .orThrow();
        awaitWell(member);
        assertThat(cluster.json().path("metadata").path("annotations").has(REINITIALIZE))
                .isFalse();
    }

    @Test
    @Order(4)
    void aHealthyReplicaIsRebuiltWhenAsked() {
        String member = replicas().getLast();
        String before = birth(member);
        cluster.namespace()
                .kubectl("annotate", "pgc", NAME, REINITIALIZE + "=" + member)
                .orThrow();
        Waiting.until(
                member + " has a new data directory",
                Waiting.LONG,
                () -> birth(member),
                now -> !now.isEmpty() && !now.equals(before));
        awaitWell(member);
    }

    private String birth(String member) {
        return cluster.exec(member, "sh", "-c", "stat -c %y \"$PGDATA/PG_VERSION\"")
                .out()
                .strip();
    }

    @Test
    @Order(5)
    void thePrimaryIsNot() {
        String primary = cluster.primary();
        String before = birth(primary);
        cluster.namespace()
                .kubectl("annotate", "pgc", NAME, REINITIALIZE + "=" + primary)
                .orThrow();
        assertThat(cluster.awaitEvent("ReinitializeFailed").getMessage()).contains(primary, "it is the primary");
        Waiting.until(
                "the wish is gone",
                Waiting.SHORT,
                () -> cluster.json().path("metadata").path("annotations"),
                annotations -> !annotations.has(REINITIALIZE));
        assertThat(birth(primary)).isEqualTo(before);
    }

    /** Patroni alone does this: it finds no data and clones. */
    @Test
    @Order(6)
    void anEmptyDataDirectoryIsPatronisOwnBusiness() {
        String member = replicas().getLast();
        int before = cluster.eventCount("ReinitializeStarted");
        damage(member, "\"$PGDATA\"");
        awaitWell(member);
        assertThat(cluster.eventCount("ReinitializeStarted")).isEqualTo(before);
    }
}

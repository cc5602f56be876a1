package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients of a pooler while the primary changes by plan: they wait, and no transaction fails. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Alone("the operator is killed")
class PoolerSwitchoverE2E {
    private static final String NAME = "calm";
    private static final int SWITCHOVERS = Thorough.times(20, 5);

    private final Namespace ns;
    private final Cluster cluster;

    PoolerSwitchoverE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME)
                        .replicas(3)
                        .spec("pgbouncer", Map.of("enabled", true, "enableReplicaPooler", true)))
                .awaitPhase("Running");
        awaitPoolers();
    }

    private void awaitPoolers() {
        Waiting.until(
                "all poolers are ready",
                Waiting.LONG,
                () -> cluster.status().path("pgbouncerReadyReplicas").asInt(),
                ready -> ready == 4);
    }

    private List<String> poolers(String type) {
        return ns
                .client()
                .pods()
                .inNamespace(ns.name())
                .withLabels(Map.of(Project.GROUP + "/cluster", NAME, Project.GROUP + "/pooler-type", type))
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private Command.Result pooler(String pod, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "/opt/postgres-operator/bin/pooler";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return new ClientPod(ns, pod).execIn("pgbouncer", command);
    }

    private void awaitStreaming() {
        Failover.awaitStreaming(cluster, 2);
        cluster.awaitPhase("Running");
    }

    private void annotate() {
        ns.kubectl("annotate", "pgc", NAME, "--overwrite", Project.GROUP + "/switchover=auto")
                .orThrow();
    }

    private void awaitLeaderOtherThan(String before) {
        Waiting.until(
                "another member than " + before + " leads",
                Waiting.LONG,
                () -> Failover.leader(cluster),
                leader -> !leader.isEmpty() && !leader.equals(before));
    }

    private static void report(String what, History history, Instant since) {
        System.out.printf(
                "%s: %d transactions, %d failed, longest latency %d ms%n",
                what,
                history.attempts().size(),
                history.failed().size(),
                history.longestLatency(since).toMillis());
    }

    @Test
    @Order(1)
    void aSwitchoverIsADelayAndNoError() {
        try (var writer = Writer.several(cluster, cluster.primary(), true)) {
            for (int i = 1; i <= SWITCHOVERS; i++) {
                awaitStreaming();
                String before = Failover.leader(cluster);
                Instant start = Instant.now();
                annotate();
                awaitLeaderOtherThan(before);
                int paused = i;
                Waiting.until(
                        "the pause is told of",
                        Waiting.SHORT,
                        () -> cluster.eventCount("PoolerPaused"),
                        n -> n >= paused);
                writer.awaitWriteAfter(Instant.now());
                report("switchover " + i, writer.peek(), start);
            }
            History history = writer.stop();
            report(SWITCHOVERS + " switchovers", history, Instant.EPOCH);
            assertThat(history.failed()).isEmpty();
            history.judge(writer.stored(Failover.leader(cluster))).orThrow();
            assertThat(cluster.eventCount("PoolerPauseSkipped")).isZero();
            assertThat(cluster.awaitEvent("PoolerPaused").getMessage())
                    .matches("clients of the pooler waited for up to \\d+ ms while calm-\\d took over");
        }
    }

    /** A connection to what has become the primary would read there for an hour. */
    @Test
    @Order(2)
    void readersLeaveTheNextPrimary() {
        awaitStreaming();
        String before = Failover.leader(cluster);
        var client = ClientPod.start(ns, "reader");
        String reader = "host=calm-pooler-repl port=6432 sslmode=require user=postgres dbname=postgres";
        client.awaitAnswer(reader, cluster.credential("password"), "SELECT pg_is_in_recovery()", "t");
        annotate();
        awaitLeaderOtherThan(before);
        awaitStreaming();
        Waiting.until(
                "the primary has no session of the replicas' pooler",
                Waiting.SHORT,
                () -> {
                    client.psql(reader, cluster.credential("password"), "SELECT 1");
                    return cluster.sql(
                            Failover.leader(cluster),
                            "SELECT count(*) FROM pg_stat_activity WHERE client_addr IN (%s)".formatted(addresses()));
                },
                "0"::equals);
    }

    private String addresses() {
        return String.join(
                ", ",
                poolers("replica").stream().map(pod -> "'" + address(pod) + "'").toList());
    }

    @Test
    @Order(3)
    void aLongTransactionIsNotWaitedFor() {
        awaitStreaming();
        var client = ClientPod.start(ns, "sleeper");
        String password = cluster.credential("password");
        var sleeper = CompletableFuture.supplyAsync(() -> client.psql(
                "host=calm-pooler port=6432 sslmode=require user=postgres dbname=postgres",
                password,
                "BEGIN; SELECT pg_sleep(300); COMMIT"));
        String before = Failover.leader(cluster);
        Waiting.until(
                "its transaction is open",
                Waiting.SHORT,
                () -> cluster.sql(
                        before,
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND pid <> pg_backend_pid()"),
                "1"::equals);
        Instant start = Instant.now();
        annotate();
        awaitLeaderOtherThan(before);
        System.out.printf(
                "beside a long transaction another member leads after %d ms%n",
                Duration.between(start, Instant.now()).toMillis());
        assertThat(cluster.awaitEvent("PoolerPauseSkipped").getMessage())
                .contains("busy a transaction of role postgres in database postgres");
        assertThat(sleeper.join().ok()).as("its server went away").isFalse();
    }

    @Test
    @Order(4)
    void clientsGoOnWithoutTheOperator() {
        awaitStreaming();
        var operator = new Operator(ns.lab(), ns.client());
        try (var writer = Writer.several(cluster, cluster.primary(), true)) {
            Instant start = Instant.now();
            annotate();
            String pod = poolers("primary").getFirst();
            Waiting.until(
                    "clients of " + pod + " are held back",
                    Waiting.SHORT,
                    () -> new ClientPod(ns, pod).execIn("pgbouncer", "test", "-e", "/run/pgbouncer/paused"),
                    Command.Result::ok);
            operator.kill();
            writer.awaitWriteAfter(Instant.now());
            // Whether Patroni had been asked by then or not.
            Waiting.until(
                    "no wish is left",
                    Waiting.LONG,
                    cluster::json,
                    json -> !json.at("/metadata/annotations").has(Project.GROUP + "/switchover"));
            awaitStreaming();
            operator.scale(0);
            List<String> pods = poolers("primary");
            for (String each : pods) {
                assertThat(pooler(each, "pause", "10", "3").orThrow()).startsWith("paused ");
            }
            for (String each : pods) {
                String why = pooler(each, "await", "30").orThrow();
                System.out.println("without the operator " + each + ": " + why.strip());
                assertThat(why).matches("resumed \\d+ deadline\\s*");
            }
            writer.awaitWriteAfter(Instant.now());
            History history = writer.stop();
            report("the operator killed", history, start);
            assertThat(history.failed()).isEmpty();
            history.judge(writer.stored(Failover.leader(cluster))).orThrow();
        } finally {
            operator.scale(1);
        }
    }

    @Test
    @Order(5)
    void aPodThatIsPausedEnds() {
        awaitStreaming();
        awaitPoolers();
        String pod = poolers("primary").getFirst();
        assertThat(pooler(pod, "pause", "30", "3").orThrow()).startsWith("paused ");
        var client = ClientPod.start(ns, "waiter");
        var waits = CompletableFuture.supplyAsync(() -> client.psql(
                "host=%s port=6432 sslmode=require user=postgres dbname=postgres".formatted(address(pod)),
                cluster.credential("password"),
                "SELECT 7"));
        ns.kubectl("delete", "pod", pod, "--wait=false").orThrow();
        assertThat(waits.join().out().strip()).isEqualTo("7");
        Waiting.until(pod + " is gone", Waiting.SHORT, () -> ns.get("pod", pod), found -> found.isMissingNode());
        awaitPoolers();
    }

    private String address(String pod) {
        return ns.client()
                .pods()
                .inNamespace(ns.name())
                .withName(pod)
                .require()
                .getStatus()
                .getPodIP();
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that connect by way of PgBouncer. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PoolerE2E {
    private static final String NAME = "pooled";
    private static final String POOLER = "host=pooled-pooler port=6432 sslmode=verify-full sslrootcert=/tls/ca.crt ";
    private static final String READER =
            "host=pooled-pooler-repl port=6432 sslmode=verify-full sslrootcert=/tls/ca.crt ";

    private final Namespace ns;
    private final Cluster cluster;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private ClientPod client;

    PoolerE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    /** On a cluster that runs already: no member is restarted for a pooler. */
    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME).replicas(2).without("spec", "tls")).awaitPhase("Running");
        List<String> members = uids();
        cluster.patch("""
                {"spec":{"pgbouncer":{"enabled":true,"enableReplicaPooler":true,"defaultPoolSize":7}}}""");
        Waiting.until(
                "all poolers are ready",
                Waiting.LONG,
                () -> cluster.status().path("pgbouncerReadyReplicas").asInt(),
                ready -> ready == 4);
        assertThat(uids()).isEqualTo(members);
        client = ClientPod.start(ns, "client", NAME + "-ca");
        client.exec("true").orThrow();
    }

    private List<String> uids() {
        return cluster.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    private List<Pod> poolers(String type) {
        return ns.client()
                .pods()
                .inNamespace(ns.name())
                .withLabels(Map.of(Project.GROUP + "/cluster", NAME, Project.GROUP + "/pooler-type", type))
                .list()
                .getItems();
    }

    private void awaitLogin(String connection, String password, String sql, String answer) {
        client.awaitAnswer(connection, password, sql, answer);
    }

    @Test
    @Order(1)
    @Acceptance({128, 133})
    void everyRoleLogsInWithItsOwnPassword() {
        awaitLogin(POOLER + "user=postgres dbname=postgres", cluster.credential("password"), "SELECT 7", "7");
        cluster.sql(cluster.primary(), "CREATE ROLE app LOGIN PASSWORD 'secret one'");
        cluster.sql(cluster.primary(), "CREATE DATABASE shop OWNER app");
        awaitLogin(
                POOLER + "user=app dbname=shop",
                "secret one",
                "CREATE TABLE IF NOT EXISTS sold (id int); SELECT pg_is_in_recovery()",
                "f");
        awaitLogin(READER + "user=app dbname=shop", "secret one", "SELECT pg_is_in_recovery()", "t");
        assertThat(client.psql(POOLER + "user=app dbname=shop", "wrong", "SELECT 1")
                        .err())
                .contains("SASL authentication failed");
        cluster.sql(cluster.primary(), "ALTER ROLE app PASSWORD 'secret two'");
        awaitLogin(POOLER + "user=app dbname=shop", "secret two", "SELECT 7", "7");
    }

    @Test
    @Order(2)
    @Acceptance(133)
    void nobodyElseLooksUpVerifiers() {
        String primary = cluster.primary();
        for (String refused : List.of("standby", "pgbouncer_auth", "postgres_operator_monitor")) {
            assertThat(cluster.sql(primary, "SELECT count(*) FROM pgbouncer.user_lookup('%s')".formatted(refused)))
                    .isEqualTo("0");
        }
        assertThat(cluster.sql(primary, "SELECT count(*) FROM pgbouncer.user_lookup('app') WHERE passwd IS NOT NULL"))
                .isEqualTo("1");
        cluster.sql(primary, "ALTER ROLE app VALID UNTIL '2020-01-01'");
        assertThat(cluster.sql(primary, "SELECT count(*) FROM pgbouncer.user_lookup('app') WHERE passwd IS NOT NULL"))
                .isEqualTo("0");
        cluster.sql(primary, "ALTER ROLE app VALID UNTIL 'infinity'");
        assertThat(client.psql(
                                "host=pooled-primary sslmode=require user=app dbname=postgres",
                                "secret two",
                                "SELECT pgbouncer.user_lookup('postgres')")
                        .err())
                .contains("permission denied for schema pgbouncer");
    }

    @Test
    @Order(3)
    @Acceptance({130, 131})
    void itIsSetAsTheSpecSays() {
        assertThat(client.psql(
                                "host=pooled-pooler port=6432 sslmode=disable user=postgres dbname=postgres",
                                cluster.credential("password"),
                                "SELECT 1")
                        .ok())
                .isFalse();
        String config = console("SHOW CONFIG");
        assertThat(config)
                .contains("pool_mode|transaction|")
                .contains("default_pool_size|7|")
                .contains("max_db_connections|30|")
                .contains("server_tls_sslmode|verify-full|");
        assertThat(client.psql(
                                POOLER + "user=app dbname=shop options='-c search_path=elsewhere'",
                                "secret two",
                                "SELECT 1")
                        .ok())
                .as("it is refused, not ignored")
                .isFalse();
    }

    private String console(String command) {
        Command.Result result = ns.kubectl(
                "exec",
                poolers("primary").getFirst().getMetadata().getName(),
                "--",
                "psql",
                "-XAtq",
                "-h",
                "/run/pgbouncer",
                "-p",
                "6432",
                "-U",
                "pgbouncer",
                "-d",
                "pgbouncer",
                "-c",
                command);
        return result.orThrow();
    }

    @Test
    @Order(4)
    @Acceptance(129)
    void eachServiceHasItsOwnPods() {
        for (String type : List.of("primary", "replica")) {
            String service = type.equals("primary") ? "pooled-pooler" : "pooled-pooler-repl";
            var endpoints = ns.client()
                    .endpoints()
                    .inNamespace(ns.name())
                    .withName(service)
                    .require();
            assertThat(endpoints.getSubsets().stream().flatMap(subset -> subset.getAddresses().stream()))
                    .extracting(EndpointAddress::getIp)
                    .containsExactlyInAnyOrderElementsOf(poolers(type).stream()
                            .map(pod -> pod.getStatus().getPodIP())
                            .toList());
        }
    }

    @Test
    @Order(5)
    void aChangedSettingIsReloaded() {
        List<String> pods = poolers("primary").stream()
                .map(pod -> pod.getMetadata().getUid())
                .toList();
        cluster.patch("{\"spec\":{\"pgbouncer\":{\"defaultPoolSize\":9}}}");
        Waiting.until(
                "PgBouncer has read it",
                Waiting.LONG,
                () -> console("SHOW CONFIG"),
                config -> config.contains("default_pool_size|9|"));
        assertThat(poolers("primary"))
                .extracting(pod -> pod.getMetadata().getUid())
                .containsExactlyInAnyOrderElementsOf(pods);
    }

    @Test
    @Order(6)
    void clientsReachTheNextPrimary() {
        String primary = cluster.primary();
        ns.kubectl("annotate", "pgc", NAME, Project.GROUP + "/switchover=auto").orThrow();
        cluster.awaitPrimaryOtherThan(primary);
        awaitLogin(
                POOLER + "user=app dbname=shop",
                "secret two",
                "INSERT INTO sold VALUES (1); SELECT pg_is_in_recovery()",
                "f");
        cluster.awaitPhase("Running");
    }

    @Test
    @Order(7)
    void theReplicasPoolerGoesWhenItIsSwitchedOff() {
        cluster.patch("{\"spec\":{\"pgbouncer\":{\"enableReplicaPooler\":false}}}");
        Waiting.until("its pods are gone", Waiting.LONG, () -> poolers("replica"), List::isEmpty);
        for (String object : List.of(
                "deployment/pooled-pooler-repl",
                "service/pooled-pooler-repl",
                "pdb/pooled-pooler-repl-pdb",
                "configmap/pooled-pgbouncer-replica-config",
                "certificate/pooled-pooler-repl-tls",
                "secret/pooled-pooler-repl-tls")) {
            String[] parts = object.split("/", 2);
            Waiting.until(
                    object + " is gone",
                    Waiting.SHORT,
                    () -> ns.get(parts[0], parts[1]),
                    found -> found.isMissingNode());
        }
    }

    @Test
    @Order(8)
    @Acceptance(44)
    void theyGoWithTheCluster() {
        ns.kubectl("delete", "pgc", NAME, "--wait=false").orThrow();
        cluster.awaitGone(Waiting.LONG);
        Waiting.until("their pods are gone", Waiting.LONG, () -> poolers("primary"), List::isEmpty);
    }
}

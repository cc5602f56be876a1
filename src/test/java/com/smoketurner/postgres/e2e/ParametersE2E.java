package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A change of parameters costs what PostgreSQL asks for and no more. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ParametersE2E {
    private final Cluster cluster;

    ParametersE2E(Namespace ns) {
        cluster = ns.cluster("tuned");
    }

    @BeforeAll
    void create() {
        cluster.namespace().apply(Manifest.cluster("tuned").replicas(2)).awaitPhase("Running");
    }

    private void set(String parameters) {
        cluster.patch("{\"spec\":{\"postgresqlParams\":%s}}".formatted(parameters));
    }

    private Map<String, String> everywhere(String query) {
        var answers = new TreeMap<String, String>();
        for (Pod pod : cluster.pods()) {
            String name = pod.getMetadata().getName();
            answers.put(
                    name,
                    cluster.exec(name, "psql", "-U", "postgres", "-XAtqc", query)
                            .out()
                            .strip());
        }
        return answers;
    }

    private void awaitValue(String parameter, String value) {
        Waiting.until(
                parameter + " is " + value + " on every member",
                Waiting.LONG,
                () -> everywhere("SHOW " + parameter),
                answers -> answers.values().stream().allMatch(value::equals));
    }

    private Map<String, String> starts() {
        return Waiting.until(
                "every server tells when it started",
                Waiting.SHORT,
                () -> everywhere("SELECT pg_postmaster_start_time()"),
                starts -> !starts.containsValue(""));
    }

    private List<String> containers() {
        return cluster.pods().stream()
                .map(p -> p.getStatus().getContainerStatuses().getFirst().getContainerID())
                .toList();
    }

    @Test
    @Order(1)
    @Acceptance(70)
    void aReloadIsEnough() {
        Map<String, String> before = starts();
        set("{\"work_mem\":\"64MB\"}");
        awaitValue("work_mem", "64MB");
        assertThat(starts()).isEqualTo(before);
    }

    @Test
    @Order(2)
    @Acceptance({74, 77})
    @BadInput(37)
    void aValueThatIsNoneChangesNothing() {
        Map<String, String> before = starts();
        set("{\"work_mem\":\"lots\"}");
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidParameter")
                        .message())
                .contains("work_mem", "lots");
        assertThat(cluster.phase()).isEqualTo("Running");
        awaitValue("work_mem", "64MB");
        set("{\"work_mem\":null,\"no_such_parameter\":\"1\"}");
        Waiting.until(
                "the unknown name is refused",
                Waiting.SHORT,
                () -> cluster.awaitCondition("ConfigurationValid", "False", "InvalidParameter")
                        .message(),
                message -> message.contains("no_such_parameter"));
        set("{\"no_such_parameter\":null}");
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
        awaitValue("work_mem", "4MB");
        assertThat(starts()).isEqualTo(before);
    }

    @Test
    @Order(3)
    @Acceptance(71)
    void aRestartWhereItIsNeeded() {
        List<String> before = containers();
        long changes = transitions();
        set("{\"max_connections\":\"150\",\"shared_buffers\":\"64MB\"}");
        awaitValue("max_connections", "150");
        awaitValue("shared_buffers", "64MB");
        cluster.awaitPhase("Running");
        assertThat(containers()).as("containers are not restarted").isEqualTo(before);
        assertThat(transitions() - changes).as("switchovers").isLessThanOrEqualTo(1);
        assertThat(cluster.events().stream().map(e -> e.getReason())).contains("ClusterUpdating");
    }

    @Test
    @Order(4)
    @Acceptance(72)
    void thePrimaryGoesFirstWhereAValueBecomesLower() {
        List<String> before = containers();
        String leader = Failover.leader(cluster);
        set("{\"max_connections\":\"60\"}");
        awaitValue("max_connections", "60");
        cluster.awaitPhase("Running");
        assertThat(containers()).isEqualTo(before);
        assertThat(Failover.leader(cluster)).as("restarted in place").isEqualTo(leader);
        Map<String, String> starts = starts();
        assertThat(starts.entrySet())
                .as("starts after the primary's")
                .filteredOn(start -> !start.getKey().equals(leader))
                .allMatch(start -> start.getValue().compareTo(starts.get(leader)) > 0);
    }

    @Test
    @Order(5)
    @Acceptance(75)
    void aChangeByHandIsTakenBackWhereTheOperatorOwnsTheName() {
        cluster.exec(
                        cluster.primary(),
                        "patronictl",
                        "edit-config",
                        "--force",
                        "-s",
                        "postgresql.parameters.hot_standby_feedback=off",
                        "-s",
                        "postgresql.parameters.log_min_duration_statement=500")
                .orThrow();
        awaitValue("log_min_duration_statement", "500ms");
        awaitValue("hot_standby_feedback", "on");
        assertThat(everywhere("SHOW log_min_duration_statement").values()).containsOnly("500ms");
    }

    /** PostgreSQL would take it: Patroni keeps 128MB instead, and says so in its log alone. */
    @Test
    @Order(6)
    @BadInput(37)
    void aValueThatPatroniReplacesIsRefused() {
        set("{\"wal_keep_size\":\"0\"}");
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidParameter")
                        .message())
                .isEqualTo(
                        "parameter wal_keep_size: value \"0\" is not valid (Patroni starts no server with less than 16MB)");
        assertThat(everywhere("SHOW wal_keep_size").values()).containsOnly("1GB");
        set("{\"wal_keep_size\":\"64MB\"}");
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
        awaitValue("wal_keep_size", "64MB");
    }

    private void refused(String parameters, String... words) {
        set(parameters);
        Waiting.until(
                parameters + " is refused",
                Waiting.SHORT,
                () -> cluster.awaitCondition("ConfigurationValid", "False", "InvalidParameter")
                        .message(),
                message -> Arrays.stream(words).allMatch(message::contains));
    }

    /** None of these values is wrong by itself; with each a server would not start, or take no connection. */
    @Test
    @Order(7)
    @BadInput(37)
    void whatNoServerStartsWithIsRefused() {
        Map<String, String> before = starts();
        refused(
                "{\"Shared_Preload_Libraries\":\"pg_stat_statements, no_such_library\"}",
                "parameter shared_preload_libraries",
                "could not access file \"no_such_library\"");
        refused(
                "{\"Shared_Preload_Libraries\":null,\"session_preload_libraries\":\"\\\"$libdir/none\\\"\"}",
                "parameter session_preload_libraries",
                "could not access file");
        refused(
                "{\"session_preload_libraries\":null,\"superuser_reserved_connections\":\"200\"}",
                "superuser_reserved_connections",
                "must be less than max_connections");
        refused(
                "{\"superuser_reserved_connections\":null,\"shared_buffers\":\"7TB\"}",
                "parameter shared_buffers",
                "MB of shared memory");
        refused("{\"shared_buffers\":\"64MB\",\"huge_pages\":\"on\"}", "parameter huge_pages");
        set(
                "{\"huge_pages\":null,\"session_preload_libraries\":\"\\\"$libdir/auto_explain\\\"\",\"log_line_prefix\":\"it's\\t%p é\\\\ \"}");
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
        awaitValue("session_preload_libraries", "\"$libdir/auto_explain\"");
        assertThat(everywhere("SHOW log_line_prefix").values()).containsOnly("it's\t%p é\\");
        assertThat(starts()).isEqualTo(before);
        assertThat(cluster.phase()).isEqualTo("Running");
    }

    /** What somebody sets on the servers counts more than the spec, so that is said; nothing restarts for it. */
    @Test
    @Order(8)
    void whatOverridesTheSpecIsSaid() {
        Map<String, String> before = starts();
        String replica = cluster.pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(name -> !name.equals(cluster.primary()))
                .findFirst()
                .orElseThrow();
        psql(replica, "ALTER SYSTEM SET work_mem = '3MB'", "SELECT pg_reload_conf()");
        psql(
                cluster.primary(),
                "CREATE ROLE \"App\"",
                "ALTER ROLE \"App\" IN DATABASE postgres SET lock_timeout = '7s'");
        set("{\"work_mem\":\"5MB\",\"lock_timeout\":\"9s\"}");
        assertThat(cluster.awaitCondition("ParametersInForce", "False", "ParameterOverridden")
                        .message())
                .contains(
                        "on %s ALTER SYSTEM sets work_mem to \"3MB\" instead of \"5MB\"".formatted(replica),
                        "ALTER SYSTEM RESET work_mem",
                        "ALTER ROLE \"App\" IN DATABASE postgres sets lock_timeout to \"7s\" instead of \"9s\"",
                        "ALTER ROLE \"App\" IN DATABASE postgres RESET lock_timeout");
        assertThat(cluster.phase()).isEqualTo("Running");
        psql(replica, "ALTER SYSTEM RESET work_mem", "SELECT pg_reload_conf()");
        psql(cluster.primary(), "ALTER ROLE \"App\" IN DATABASE postgres RESET lock_timeout");
        cluster.awaitCondition("ParametersInForce", "True", "NotOverridden");
        awaitValue("work_mem", "5MB");
        assertThat(starts()).isEqualTo(before);
    }

    private void psql(String pod, String... statements) {
        for (String statement : statements) {
            cluster.exec(pod, "psql", "-U", "postgres", "-XAtqc", statement).orThrow();
        }
    }

    /** Its first server starts without what it does not take, and then says so. */
    @Test
    @Order(9)
    @BadInput(37)
    void ofANewClusterToo() {
        Cluster fresh = cluster.namespace()
                .apply(Manifest.cluster("untaken")
                        .spec("postgresqlParams", Map.of("work_mem", "lots", "maintenance_work_mem", "80MB")));
        assertThat(fresh.awaitCondition("ConfigurationValid", "False", "InvalidParameter")
                        .message())
                .contains("work_mem", "lots");
        fresh.awaitPhase("Running");
        assertThat(fresh.sql("untaken-0", "SHOW work_mem")).isEqualTo("4MB");
        assertThat(fresh.sql("untaken-0", "SHOW maintenance_work_mem")).isEqualTo("80MB");
        fresh.patch("{\"spec\":{\"postgresqlParams\":{\"work_mem\":null}}}");
        fresh.awaitCondition("ConfigurationValid", "True", "SpecValid");
        assertThat(cluster.namespace()
                        .get("configmap", "untaken-patroni-config")
                        .at("/metadata/annotations")
                        .has(Project.GROUP + "/unjudged-parameters"))
                .isFalse();
        theOnlyServerComesBackWithACorrection(fresh);
        fresh.resource().delete();
        fresh.awaitGone(Waiting.LONG);
    }

    /** A value that only a start can judge stops it; no server is left that could judge the next. */
    private static void theOnlyServerComesBackWithACorrection(Cluster only) {
        only.patch("{\"spec\":{\"postgresqlParams\":{\"unix_socket_group\":\"nosuch\"}}}");
        Waiting.until(
                "the status quotes the server",
                Waiting.LONG,
                () -> only.awaitCondition("Ready", "False", "NoPrimary").message(),
                message -> message.contains("the server of untaken-0 does not start: ")
                        && message.contains("group \"nosuch\" does not exist"));
        only.patch("{\"spec\":{\"postgresqlParams\":{\"unix_socket_group\":\"postgres\"}}}");
        only.awaitPhase("Running");
        assertThat(only.sql("untaken-0", "SHOW unix_socket_group")).isEqualTo("postgres");
        assertThat(only.sql("untaken-0", "SHOW maintenance_work_mem")).isEqualTo("80MB");
    }

    private long transitions() {
        return Long.parseLong(PatroniRecords.read(
                cluster.namespace().client(), cluster.namespace().name(), cluster.name(), "transitions"));
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The passwords of the Secret are those of the servers, whatever the database is set to, and nobody sees them. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CredentialsE2E {
    private static final String NAME = "creds";
    private static final String CONNECTION = "host=creds-primary user=postgres dbname=template1";

    private final Namespace ns;
    private final Cluster cluster;
    /** All passwords that there ever were. */
    private final List<String> passwords = new ArrayList<>();

    CredentialsE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    /** Everything that can be logged is. */
    @BeforeAll
    void create() {
        var parameters = Map.of(
                "log_statement",
                "all",
                "log_min_duration_statement",
                "0",
                "log_min_error_statement",
                "debug5",
                "shared_preload_libraries",
                "auto_explain",
                "auto_explain.log_min_duration",
                "0",
                "max_connections",
                "25");
        ns.apply(Manifest.cluster(NAME).noTls().replicas(2).spec("postgresqlParams", parameters))
                .awaitPhase("Running");
        // Not from the beginning: Patroni sets the first passwords itself, in statements of its own.
        cluster.patch(
                "{\"spec\":{\"postgresqlParams\":{\"debug_print_parse\":\"on\",\"log_statement_stats\":\"on\"}}}");
        Waiting.until(
                "parse trees are logged",
                Waiting.SHORT,
                () -> cluster.sql(cluster.primary(), "SHOW debug_print_parse"),
                "on"::equals);
        Failover.awaitStreaming(cluster, 1);
        ClientPod.start(ns, "client");
        passwords.add("SCRAM-SHA-256$");
        passwords.add(cluster.credential("password"));
        passwords.add(cluster.credential("replication-password"));
    }

    /** The value of a key of the Secret, byte for byte. */
    private void write(String key, String value) {
        passwords.add(value.strip());
        String encoded = Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
        ns.kubectl(
                        "patch",
                        "secret",
                        NAME + "-credentials",
                        "--type=merge",
                        "-p",
                        "{\"data\":{\"%s\":\"%s\"}}".formatted(key, encoded))
                .orThrow();
    }

    private Command.Result login(String password) {
        return new ClientPod(ns, "client").psql(CONNECTION, password, "SELECT 7");
    }

    private void awaitLogin(String password) {
        new ClientPod(ns, "client").awaitAnswer(CONNECTION, password, "SELECT 7", "7");
    }

    private String replica() {
        String primary = cluster.primary();
        return cluster.pods().stream()
                .map(pod -> pod.getMetadata().getName())
                .filter(name -> !name.equals(primary))
                .findFirst()
                .orElseThrow();
    }

    private void restart(String member) {
        String uid = ns.get("pod", member).at("/metadata/uid").asText();
        ns.kubectl("delete", "pod", member, "--wait=false").orThrow();
        Waiting.until(
                member + " is another pod",
                Waiting.LONG,
                () -> ns.get("pod", member).at("/metadata/uid").asText(),
                now -> !now.isEmpty() && !now.equals(uid));
    }

    private void nobodyHasSeenAPassword() {
        for (var pod : cluster.pods()) {
            String name = pod.getMetadata().getName();
            List<String> lines =
                    ns.kubectl("logs", name, "-c", "postgres").orThrow().lines().toList();
            assertThat(lines).as("what " + name + " logs").anyMatch(line -> line.contains("LOG:  "));
            assertThat(lines)
                    .filteredOn(line -> passwords.stream().anyMatch(line::contains))
                    .as("passwords in the log of " + name)
                    .isEmpty();
        }
    }

    @Test
    @Order(1)
    void newPasswordsAreInForceAndTheFormerOnesAreRefused() {
        String former = cluster.credential("password");
        write("password", "Changed-1 by:hand\n");
        write("replication-password", "Repl'\\-1\r\n");
        awaitLogin("Changed-1 by:hand");
        assertThat(login(former).err()).contains("password authentication failed");
        assertThat(cluster.credential("password"))
                .as("what the user wrote stays")
                .isEqualTo("Changed-1 by:hand\n");
        assertThat(cluster.credential("replication-password")).isEqualTo("Repl'\\-1\r\n");
        assertThat(cluster.credential("PGPASSWORD")).isEqualTo("Changed-1 by:hand");
        assertThat(cluster.credential("REPLICATION_PASSWORD")).isEqualTo("Repl'\\-1");
        // Without a restart of Patroni: a receiver that loses its connection logs in with the new password.
        Waiting.until(
                "the running replica has the new password",
                Waiting.SHORT,
                () -> cluster.exec(replica(), "cat", "/tmp/pgpass").out(),
                file -> file.contains("Repl'\\\\-1"));
        cluster.sql(cluster.primary(), "SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
        Failover.awaitStreaming(cluster, 1);
        restart(replica());
        Failover.awaitStreaming(cluster, 1);
        cluster.awaitPhase("Running");
        nobodyHasSeenAPassword();
    }

    @Test
    @Order(4)
    void whatIsNoPasswordLeavesTheFormerOneInForce() {
        write("password", "two\nlines");
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidPassword")
                        .message())
                .contains("Secret creds-credentials: key password contains the control character U+000A")
                .contains("the former password stays in force");
        assertThat(cluster.phase()).isEqualTo("Running");
        awaitLogin("Changed-1 by:hand");
        write("password", "Changed-2");
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
        awaitLogin("Changed-2");
    }

    @Test
    @Order(2)
    @Acceptance(191)
    void twoKeysAreEnough() {
        ns.kubectl("delete", "secret", NAME + "-credentials").orThrow();
        ns.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: creds-credentials}
                stringData: {password: Given-3, replication-password: Given-4}
                """);
        passwords.addAll(List.of("Given-3", "Given-4"));
        awaitLogin("Given-3");
        assertThat(login("Changed-1 by:hand").err()).contains("password authentication failed");
        Waiting.until(
                "the derived keys are back",
                Waiting.SHORT,
                () -> ns.get("secret", NAME + "-credentials").path("data"),
                data -> data.has("uri") && data.has("host") && data.has("REPLICATION_PASSWORD"));
        assertThat(cluster.credential("PGPASSWORD")).isEqualTo("Given-3");
        assertThat(cluster.credential("REPLICATION_PASSWORD")).isEqualTo("Given-4");
        Failover.awaitStreaming(cluster, 1);
    }

    @Test
    @Order(3)
    @Acceptance(190)
    void aDeletedSecretComesBackWithNewPasswords() {
        String former = cluster.credential("password");
        long revision = revision();
        ns.kubectl("delete", "secret", NAME + "-credentials").orThrow();
        Waiting.until(
                "the Secret is back",
                Waiting.SHORT,
                () -> ns.get("secret", NAME + "-credentials"),
                secret -> !secret.isMissingNode());
        String password = cluster.credential("password");
        passwords.addAll(List.of(password, cluster.credential("replication-password")));
        assertThat(password).hasSize(32).isNotEqualTo(former);
        awaitLogin(password);
        assertThat(login(former).err()).contains("password authentication failed");
        Waiting.until("the rotation is counted", Waiting.SHORT, this::revision, now -> now > revision);
        assertThat(cluster.status().at("/credentials/lastRotatedAt").asText()).isNotEmpty();
        cluster.sql(cluster.primary(), "SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
        Failover.awaitStreaming(cluster, 1);
        write("password", "Changed-1 by:hand");
        awaitLogin("Changed-1 by:hand");
    }

    private long revision() {
        return cluster.status().at("/credentials/revision").asLong();
    }

    /** A database that is set so that nobody can work with it, and has no connection left. */
    @Test
    @Order(5)
    void neitherSettingsNorALackOfConnectionsKeepAPasswordFromBeingSet() {
        String primary = cluster.primary();
        for (String statement : List.of(
                "CREATE ROLE reader",
                "CREATE ROLE app LOGIN SUPERUSER",
                "ALTER SYSTEM SET default_transaction_read_only = on",
                "SELECT pg_reload_conf()",
                "ALTER ROLE postgres SET statement_timeout = '1ms'",
                "ALTER ROLE postgres SET search_path = evil",
                "ALTER ROLE postgres SET log_statement = 'all'",
                "ALTER ROLE postgres SET session_preload_libraries = 'missing'",
                "ALTER ROLE postgres SET role = reader")) {
            asItself(primary, statement);
        }
        assertThat(login("Changed-2").err()).contains("could not access file \"missing\"");
        // Sessions that wait for what never comes, as long as the test needs them.
        cluster.exec(
                        primary,
                        "bash",
                        "-c",
                        "for i in $(seq 40); do psql -XAtq -d template1 -U app -c 'SELECT pg_sleep(3600)' >/dev/null 2>&1 & done")
                .orThrow();
        Waiting.until(
                "no connection is free",
                Waiting.SHORT,
                () -> cluster.exec(primary, "psql", "-d", "template1", "-U", "app", "-XAtqc", "SELECT 1")
                        .err(),
                error -> error.contains("too many clients already"));
        write("password", "Changed-3");
        write("replication-password", "Repl-3");
        Waiting.until(
                "both are applied",
                Waiting.SHORT,
                () -> cluster.events().stream()
                        .filter(event -> "CredentialsRotated".equals(event.getReason()))
                        .count(),
                count -> count > 0
                        && cluster.exec(replica(), "cat", "/tmp/pgpass").out().contains("Repl-3"));
        // Patroni logs in as that role, too.
        asItself(primary, "ALTER ROLE postgres RESET ALL");
        replaceAllPods();
        for (Pod pod : cluster.pods()) {
            String member = pod.getMetadata().getName();
            asItself(member, "ALTER SYSTEM RESET default_transaction_read_only");
            asItself(member, "SELECT pg_reload_conf()");
        }
        awaitLogin("Changed-3");
        assertThat(login("Changed-2").err()).contains("password authentication failed");
        nobodyHasSeenAPassword();
    }

    /** A rollout with its switchover needs no connection that is free. */
    private void replaceAllPods() {
        List<String> former = uids();
        ns.kubectl("annotate", "pgc", NAME, Project.GROUP + "/restart=1").orThrow();
        Waiting.until(
                "both members are new pods",
                Waiting.LONG,
                this::uids,
                now -> now.size() == 2 && now.stream().noneMatch(former::contains));
        cluster.awaitPhase("Running");
    }

    private List<String> uids() {
        return cluster.pods().stream().map(pod -> pod.getMetadata().getUid()).toList();
    }

    /** SQL where the settings of the role would stop it, over a connection that is counted apart. */
    private void asItself(String member, String statement) {
        cluster.exec(
                        member,
                        "psql",
                        "dbname=postgres user=postgres replication=database options='-c session_preload_libraries= -c role=none"
                                + " -c statement_timeout=0 -c default_transaction_read_only=off'",
                        "-XAtqc",
                        statement)
                .orThrow();
    }

    @Test
    @Order(6)
    void aPasswordThatIsChangedBySqlIsRestored() {
        cluster.sql(cluster.primary(), "ALTER ROLE standby PASSWORD 'something else'");
        restart(replica());
        String message =
                Objects.requireNonNull(cluster.awaitEvent("CredentialsRestored").getMessage());
        assertThat(message)
                .isEqualTo("password authentication failed for user \"standby\": its password was changed by SQL;"
                        + " the passwords from Secret creds-credentials are active again");
        Failover.awaitStreaming(cluster, 1);
        cluster.awaitPhase("Running");
        cluster.sql(cluster.primary(), "ALTER ROLE standby NOREPLICATION");
        restart(replica());
        Failover.awaitStreaming(cluster, 1);
        cluster.awaitPhase("Running");
    }
}

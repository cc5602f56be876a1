package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Images;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Databases;
import com.smoketurner.postgres.testing.user.Namespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Databases, roles, privileges and Secrets that teams ask for, on one cluster. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseE2E {
    private static final String VERSION = "17";
    private static final String NAME = "my-cluster";
    private static final String SAMPLE = "myapp-db";
    private static final String OWNER_SECRET = "myapp-owner-credentials";
    private static final String READER_SECRET = "myapp-readonly-credentials";

    private final Namespace ns;
    private final Cluster cluster;
    private final Databases databases;

    @SuppressWarnings("NullAway.Init") // started before the first test
    private ClientPod client;

    /** Of the servers. */
    String version() {
        return VERSION;
    }

    DatabaseE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        databases = new Databases(ns);
    }

    /** The sample waits for its cluster, and goes on by itself. */
    @BeforeAll
    void create() {
        ns.kubectl(
                        "apply",
                        "-f",
                        Project.file("deploy/samples/database.yaml", "use a complete checkout")
                                .toString())
                .orThrow();
        databases.awaitCondition(SAMPLE, "ClusterReady", "False", "ClusterNotFound");
        databases.awaitPhase(SAMPLE, "Pending");
        ns.apply(Manifest.cluster(NAME)
                        .replicas(2)
                        .spec("version", version())
                        .without("spec", "tls")
                        // Sessions of the pooler want another connection to the server every second.
                        .spec("pgbouncer", Map.of("enabled", true, "parameters", Map.of("server_lifetime", "1")))
                        .spec("postgresqlParams", Map.of("log_statement", "all", "log_min_duration_statement", "0")))
                .awaitPhase("Running");
        client = ClientPod.start(ns, "client", NAME + "-ca");
        databases.awaitPhase(SAMPLE, "Ready");
    }

    private static String sample(String file) {
        try {
            return Files.readString(Project.file("deploy/samples/" + file, "use a complete checkout"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String sql(String statement) {
        return cluster.sql(cluster.primary(), statement);
    }

    /** As user postgres in another database. */
    private String sqlIn(String database, String statement) {
        return cluster.exec(
                        cluster.primary(),
                        "psql",
                        "-U",
                        "postgres",
                        "-d",
                        database,
                        "-XAtq",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-c",
                        statement)
                .orThrow()
                .strip();
    }

    /** What psql prints for the URI of a Secret, or its error. */
    private String by(String secret, String statement) {
        var result = client.exec("psql", ns.secret(secret, "uri"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement);
        return result.all().strip();
    }

    private void awaitBy(String secret, String statement, String answer) {
        Waiting.until(
                "'%s' by the URI of %s gives %s".formatted(statement, secret, answer),
                Waiting.SHORT,
                () -> by(secret, statement),
                answer::equals);
    }

    @Test
    @Order(1)
    @Acceptance({153, 154, 156, 157, 158})
    void theSampleWorks() {
        JsonNode status = databases.json(SAMPLE).path("status");
        assertThat(status.path("provisioned").asBoolean()).isTrue();
        assertThat(status.path("secretName").asText()).isEqualTo(OWNER_SECRET);
        assertThat(Json.list(status.path("conditions")))
                .hasSize(7)
                .allSatisfy(condition -> assertThat(condition.path("status").asText())
                        .as(condition.toString())
                        .isEqualTo("True"));
        JsonNode secret = ns.get("secret", OWNER_SECRET);
        assertThat(StreamSupport.stream(
                        ((Iterable<String>) () -> secret.path("data").fieldNames()).spliterator(), false))
                .contains(
                        "username",
                        "password",
                        "host",
                        "port",
                        "database",
                        "uri",
                        "connection-string",
                        "jdbc-url",
                        "ca.crt");
        assertThat(ns.secret(OWNER_SECRET, "type")).isEqualTo("postgresql");
        awaitBy(OWNER_SECRET, "SELECT current_user || ' ' || current_database()", "myapp_owner myapp");
        assertThat(sqlIn("myapp", "SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension"))
                .contains("pg_stat_statements", "uuid-ossp");
        assertThat(
                        sql(
                                "SELECT string_agg(rolname || rolcreatedb, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname ~ '^myapp'"))
                .isEqualTo("myapp_ownertrue myapp_readonlyfalse");
        var pooled = client.exec("psql", ns.secret(OWNER_SECRET, "pooler-uri"), "-XAtqc", "SELECT current_user");
        assertThat(pooled.all().strip()).isEqualTo("myapp_owner");
    }

    @Test
    @Order(2)
    @Acceptance(155)
    void whatTheOwnerCreatesLaterCanBeRead() {
        assertThat(by(OWNER_SECRET, "CREATE TABLE orders (id int); INSERT INTO orders VALUES (7)"))
                .isEmpty();
        assertThat(by(READER_SECRET, "SELECT id FROM orders")).isEqualTo("7");
        assertThat(by(READER_SECRET, "INSERT INTO orders VALUES (8)")).contains("permission denied for table orders");
        assertThat(by(READER_SECRET, "CREATE TABLE mine (id int)")).contains("permission denied for schema public");
    }

    /** No transaction writes: the number of the next one stays as it is. */
    @Test
    @Order(3)
    @Acceptance(159)
    void nothingIsWrittenAgain() {
        String before = sql("SELECT pg_snapshot_xmax(pg_current_snapshot())");
        String version = databases.json(SAMPLE).at("/metadata/resourceVersion").asText();
        ns.kubectl("annotate", "pgdb", SAMPLE, "seen=again").orThrow();
        ns.kubectl("annotate", "pgdb", SAMPLE, "seen-").orThrow();
        databases.patch(SAMPLE, "{\"spec\":{\"deletionPolicy\":\"Delete\"}}");
        databases.awaitPhase(SAMPLE, "Ready");
        databases.patch(SAMPLE, "{\"spec\":{\"deletionPolicy\":\"Retain\"}}");
        databases.awaitPhase(SAMPLE, "Ready");
        assertThat(version).isNotEmpty();
        assertThat(sql("SELECT pg_snapshot_xmax(pg_current_snapshot())")).isEqualTo(before);
    }

    @Test
    @Order(4)
    @Acceptance(160)
    void whatIsTakenFromTheSpecIsTakenFromTheServer() {
        databases.patch(SAMPLE, """
                {"spec":{"roles":[{"name":"myapp_owner","privileges":["LOGIN"],"secretName":"%s"},
                {"name":"myapp_readonly","privileges":["LOGIN"],"secretName":"%s"}],"grants":[]}}""".formatted(OWNER_SECRET, READER_SECRET));
        databases.awaitPhase(SAMPLE, "Ready");
        assertThat(sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'myapp_owner'"))
                .isEqualTo("f");
        assertThat(by(READER_SECRET, "SELECT id FROM orders")).contains("permission denied");
        assertThat(by(OWNER_SECRET, "CREATE TABLE later (id int)")).isEmpty();
        assertThat(by(READER_SECRET, "SELECT id FROM later")).contains("permission denied");
        databases.patch(
                SAMPLE,
                "{\"spec\":{\"grants\":[{\"role\":\"myapp_readonly\",\"privileges\":[\"SELECT\"],\"onTables\":\"ALL\"}]}}");
        databases.awaitPhase(SAMPLE, "Ready");
        assertThat(by(READER_SECRET, "SELECT id FROM orders")).isEqualTo("7");
    }

    /** Asks on one connection until it is told to stop, and says how often; a session that is cut leaves a traceback. */
    private static final String SESSION = """
            import os, sys, time, psycopg2
            connection = psycopg2.connect(sys.argv[1])
            connection.autocommit = True
            asked = 0
            while not os.path.exists('/tmp/session.stop'):
                with connection.cursor() as cursor:
                    cursor.execute('SELECT 1')
                asked += 1
                open('/tmp/session.asked', 'w').write(str(asked))
                time.sleep(0.1)
            open('/tmp/session.end', 'w').write('not cut')
            """;

    private long asked() {
        String text = client.exec("cat", "/tmp/session.asked").out().strip();
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** The former password is refused, and a session that was opened with it goes on, also with other connections to the server. */
    @Test
    @Order(5)
    @Acceptance({161, 162})
    void theSecretIsWhatCounts() {
        client.exec(
                        "sh",
                        "-c",
                        "setsid python3 -c \"$1\" \"$2\" >/tmp/session.log 2>&1 </dev/null &",
                        "sh",
                        SESSION,
                        ns.secret(READER_SECRET, "pooler-uri"))
                .orThrow();
        Waiting.until("the session is open", Waiting.SHORT, this::asked, asked -> asked > 0);
        String former = ns.secret(READER_SECRET, "password");
        String uri = ns.secret(READER_SECRET, "uri");
        ns.kubectl("delete", "secret", READER_SECRET).orThrow();
        Waiting.until(
                "the Secret is back",
                Waiting.SHORT,
                () -> ns.secret(READER_SECRET, "password"),
                password -> !password.isEmpty() && !password.equals(former));
        awaitBy(READER_SECRET, "SELECT 7", "7");
        assertThat(client.exec("psql", uri, "-c", "SELECT 7").err()).contains("password authentication failed");
        String edited = Base64.getEncoder().encodeToString("edited: by/hand & so?".getBytes(StandardCharsets.UTF_8));
        ns.kubectl(
                        "patch",
                        "secret",
                        READER_SECRET,
                        "--type=merge",
                        "-p",
                        "{\"data\":{\"password\":\"" + edited + "\"}}")
                .orThrow();
        Waiting.until(
                "the URI has the edited password",
                Waiting.SHORT,
                () -> ns.secret(READER_SECRET, "uri"),
                text -> text.contains("edited%3A"));
        awaitBy(READER_SECRET, "SELECT 7", "7");
        assertThat(databases.json(SAMPLE).at("/status/phase").asText()).isEqualTo("Ready");
        long before = asked();
        Waiting.until("the session goes on", Waiting.SHORT, this::asked, asked -> asked > before + 30);
        client.exec("touch", "/tmp/session.stop").orThrow();
        Waiting.until(
                "the session was not cut",
                Waiting.SHORT,
                () -> client.exec("cat", "/tmp/session.end", "/tmp/session.log")
                        .out()
                        .strip(),
                "not cut"::equals);
    }

    @Test
    @Order(6)
    @Acceptance({166, 170})
    void aSecretOfTheUsersIsCompleted() {
        ns.kubectl("create", "secret", "generic", "given", "--from-literal=password=p@ss/w:o?r#d %&+'\"\\ü")
                .orThrow();
        ns.apply("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: given}
                spec:
                  clusterRef: {name: %s}
                  database: {name: given, owner: given_owner, connectionLimit: 20}
                  roles:
                    - {name: given_owner, secretName: given, connectionLimit: 3, validUntil: "2031-01-01T00:00:00Z"}
                    - {name: given_group, login: false}
                    - {name: given_member, inRoles: [given_group, pg_read_all_stats], secretName: given-member}
                """.formatted(NAME));
        databases.awaitPhase("given", "Ready");
        awaitBy("given", "SELECT current_user", "given_owner");
        assertThat(ns.get("secret", "given").at("/metadata/ownerReferences").isMissingNode())
                .isTrue();
        assertThat(sql(
                        "SELECT rolname || rolcanlogin || rolconnlimit || coalesce(rolvaliduntil AT TIME ZONE 'UTC', '-infinity')"
                                + " FROM pg_roles WHERE rolname ~ '^given' ORDER BY 1"))
                .isEqualTo("""
                        given_groupfalse-1-infinity
                        given_membertrue-1-infinity
                        given_ownertrue32031-01-01 00:00:00""");
        assertThat(sql("SELECT pg_has_role('given_member', 'given_group', 'MEMBER')"))
                .isEqualTo("t");
        assertThat(sql("SELECT datconnlimit FROM pg_database WHERE datname = 'given'"))
                .isEqualTo("20");
        ns.kubectl("delete", "pgdb", "given").orThrow();
        assertThat(ns.secret("given", "password")).startsWith("p@ss");
        Waiting.until(
                "the generated Secret goes",
                Waiting.SHORT,
                () -> ns.get("secret", "given-member"),
                JsonNode::isMissingNode);
    }

    @Test
    @Order(7)
    @Acceptance(168)
    @BadInput({64, 65, 66})
    void whatCannotBeDoneIsSaid() {
        ns.apply("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: second}
                spec:
                  clusterRef: {name: %s}
                  database: {name: myapp, owner: other_owner}
                """.formatted(NAME));
        assertThat(databases
                        .awaitCondition("second", "Ready", "False", "DatabaseConflict")
                        .message())
                .contains(ns.name() + "/" + SAMPLE);
        ns.kubectl("delete", "pgdb", "second").orThrow();
        sql("CREATE ROLE dba SUPERUSER LOGIN");
        ns.apply("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: partial}
                spec:
                  clusterRef: {name: %s}
                  database: {name: partial, owner: partial_owner}
                  roles:
                    - {name: partial_owner, secretName: partial}
                    - {name: dba, secretName: dba}
                  grants: [{role: nobody_knows, privileges: [SELECT], onTables: ALL}]
                  extensions: [no_such_extension, pgcrypto]
                """.formatted(NAME));
        databases.awaitPhase("partial", "Failed");
        assertThat(databases
                        .awaitCondition("partial", "ExtensionsCreated", "False", "ExtensionNotAvailable")
                        .message())
                .contains("no_such_extension");
        assertThat(databases
                        .awaitCondition("partial", "GrantsApplied", "False", "ObjectNotFound")
                        .message())
                .contains("nobody_knows");
        assertThat(databases
                        .awaitCondition("partial", "RolesCreated", "False", "RoleConflict")
                        .message())
                .contains("dba", Project.GROUP + "/adopt=true");
        awaitBy("partial", "SELECT current_user", "partial_owner");
        assertThat(sqlIn("partial", "SELECT count(*) FROM pg_extension WHERE extname = 'pgcrypto'"))
                .isEqualTo("1");
        assertThat(sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'dba'")).isEqualTo("t");
        databases.patch("partial", """
                {"spec":{"roles":[{"name":"partial_owner","secretName":"partial"}],"grants":[],"extensions":["pgcrypto"]}}""");
        databases.awaitPhase("partial", "Ready");
        assertThat(cluster.phase()).isEqualTo("Running");
    }

    /** A team in another namespace has its database, and nothing that reaches beyond it. */
    @Test
    @Order(7)
    @Acceptance(169)
    void anotherNamespaceHasItsOwn() {
        Namespace team = Namespace.create(ns.lab(), ns.client(), "team", Map.of());
        Databases theirs = new Databases(team);
        String manifest = """
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: theirs}
                spec:
                  clusterRef: {name: %s, namespace: %s}
                  database: {name: theirs, owner: theirs_owner}
                  roles: [{name: theirs_owner, secretName: theirs%s}]
                """;
        team.apply(manifest.formatted(NAME, ns.name(), ""));
        theirs.awaitCondition("theirs", "ClusterReady", "False", "ClusterRefNotPermitted");
        ns.kubectl("annotate", "pgc", NAME, Project.GROUP + "/allow-databases-from=" + team.name())
                .orThrow();
        theirs.awaitPhase("theirs", "Ready");
        String uri = team.secret("theirs", "uri");
        Waiting.until(
                "the URI works",
                Waiting.SHORT,
                () -> client.exec("psql", uri, "-XAtqc", "SELECT current_user")
                        .all()
                        .strip(),
                "theirs_owner"::equals);
        assertThat(client.exec("psql", uri.replace("/theirs?", "/myapp?"), "-c", "SELECT 1")
                        .err())
                .contains("permission denied for database");
        team.apply(manifest.formatted(NAME, ns.name(), ", privileges: [LOGIN, SUPERUSER]"));
        theirs.awaitCondition("theirs", "RolesCreated", "False", "PrivilegeNotPermitted");
        assertThat(sql("SELECT rolsuper FROM pg_roles WHERE rolname = 'theirs_owner'"))
                .isEqualTo("f");
        team.delete();
    }

    /** The deployment of the documentation, directly and by way of the pooler. */
    @Test
    @Order(6)
    void anApplicationTakesItsUriFromTheSecret() {
        String manifest = sample("application.yaml").replaceFirst("image: .*", "image: " + Images.postgres());
        for (String key : List.of("uri", "pooler-uri")) {
            ns.apply(manifest.replaceFirst("key: uri.*", "key: " + key));
            ns.kubectl("rollout", "status", "deployment/myapp", "--timeout=90s").orThrow();
            String before = by(OWNER_SECRET, "SELECT count(*) FROM seen");
            Waiting.until(
                    "the application writes by its " + key,
                    Waiting.SHORT,
                    () -> by(OWNER_SECRET, "SELECT count(*) FROM seen"),
                    count -> !count.equals(before));
        }
        ns.kubectl("delete", "deployment", "myapp").orThrow();
    }

    /** The primary is lost while ten are being made: each is complete in the end. */
    @Test
    @Order(8)
    void aFailoverInTheMiddleChangesNothing() {
        String primary = cluster.primary();
        List<String> names =
                IntStream.range(0, 10).mapToObj("many-%d"::formatted).toList();
        names.forEach(name -> ns.apply("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: %s}
                spec:
                  clusterRef: {name: %s}
                  database: {name: %s, owner: %s}
                  roles: [{name: %s, secretName: %s}]
                """.formatted(
                        name, NAME, name.replace('-', '_'), name.replace('-', '_'), name.replace('-', '_'), name)));
        Waiting.until(
                "some are there",
                Waiting.LONG,
                () -> names.stream()
                        .filter(name -> databases
                                .json(name)
                                .at("/status/phase")
                                .asText()
                                .equals("Ready"))
                        .count(),
                ready -> ready > 1);
        ns.kubectl("delete", "pod", primary, "--grace-period=0", "--force").orThrow();
        names.forEach(name -> databases.awaitPhase(name, "Ready"));
        cluster.awaitPhase("Running");
        names.forEach(name -> awaitBy(name, "SELECT current_user", name.replace('-', '_')));
    }

    @Test
    @Order(9)
    @Acceptance({163, 164})
    void aDeletionLosesNothingUnlessItSaysSo() {
        String uri = ns.secret(OWNER_SECRET, "uri");
        ns.kubectl("delete", "pgdb", SAMPLE, "--timeout=30s").orThrow();
        Waiting.until("the Secrets go", Waiting.SHORT, () -> ns.get("secret", OWNER_SECRET), JsonNode::isMissingNode);
        assertThat(client.exec("psql", uri, "-XAtqc", "SELECT id FROM orders")
                        .out()
                        .strip())
                .isEqualTo("7");
        databases.patch("many-3", "{\"spec\":{\"deletionPolicy\":\"Delete\"}}");
        databases.awaitPhase("many-3", "Ready");
        ns.kubectl("delete", "pgdb", "many-3", "--timeout=60s").orThrow();
        assertThat(sql("SELECT count(*) FROM pg_database WHERE datname = 'many_3'"))
                .isEqualTo("0");
        assertThat(sql("SELECT count(*) FROM pg_roles WHERE rolname = 'many_3'"))
                .isEqualTo("0");
    }

    @Test
    @Order(10)
    @Acceptance(171)
    void noPasswordIsInTheLog() {
        String log = cluster.pods().stream()
                .map(pod -> ns.kubectl("logs", pod.getMetadata().getName(), "-c", "postgres")
                        .out())
                .reduce("", String::concat);
        assertThat(log).contains("statement: ");
        assertThat(log)
                .doesNotContain("SCRAM-SHA-256$")
                .doesNotContain("edited: by/hand")
                .doesNotContain("PASSWORD '");
    }

    @Test
    @Order(11)
    @Acceptance(165)
    void aDatabaseWithoutAClusterGoesAtOnce() {
        cluster.resource().delete();
        cluster.awaitGone(Waiting.LONG);
        databases.awaitCondition("many-5", "ClusterReady", "False", "ClusterNotFound");
        databases.patch("many-5", "{\"spec\":{\"deletionPolicy\":\"Delete\"}}");
        ns.kubectl("delete", "pgdb", "many-5", "--timeout=10s").orThrow();
    }
}

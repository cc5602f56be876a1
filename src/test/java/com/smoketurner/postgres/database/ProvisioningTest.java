package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.RoleAttribute;
import com.smoketurner.postgres.api.TablePrivilege;
import com.smoketurner.postgres.database.plan.Problem;
import com.smoketurner.postgres.database.plan.Wanted;
import com.smoketurner.postgres.sql.Psql;
import com.smoketurner.postgres.testing.server.LocalServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a real server has after it was brought to a spec. */
class ProvisioningTest {

    @SuppressWarnings("NullAway.Init") // started before the first test
    private static LocalServer server;

    private final JdbcSql sql = new JdbcSql(server);

    @BeforeAll
    static void start() {
        server = LocalServer.start(17);
        Provisioning.prepare(new JdbcSql(server));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private Provisioning.Result run(Wanted wanted) {
        return Provisioning.run(sql, wanted, Specs.VERIFIER, PasswordChange.ALONE);
    }

    private static void execute(String database, String... statements) throws SQLException {
        DatabaseFuzzTest.execute(server, database, "postgres", statements);
    }

    private static String one(String database, String query) throws SQLException {
        try (var connection = server.connect(database, "postgres")) {
            return CatalogCheck.one(connection, query);
        }
    }

    /** Few statements, and none where there is nothing to do. */
    @Test
    void theSampleTakesFewStatements() {
        Wanted wanted = Specs.of("myapp", "myapp_owner")
                .withSecret("myapp_owner", RoleAttribute.LOGIN, RoleAttribute.CREATEDB)
                .withSecret("myapp_readonly", RoleAttribute.LOGIN)
                .grant("myapp_readonly", "ALL", TablePrivilege.SELECT)
                .extension("uuid-ossp")
                .wanted("ns/sample", Specs.HOME, Map.of("myapp_owner", "a", "myapp_readonly", "b"));
        assertThat(run(wanted).problems()).isEmpty();
        assertThat(sql.sent()).hasSizeBetween(20, 40);
        assertThat(run(wanted).made()).isEmpty();
        assertThat(sql.sent()).isEmpty();
    }

    /** Wherever it is ended, the next run completes it. */
    @Test
    void anyStatementMayBeTheLast() {
        for (int last = 0; ; last++) {
            int n = last;
            Wanted wanted = Specs.of("cut" + n, "cut_owner" + n)
                    .withSecret("cut_owner" + n, RoleAttribute.LOGIN)
                    .member("cut_reader" + n, "cut_owner" + n)
                    .grant("cut_reader" + n, "ALL", TablePrivilege.SELECT)
                    .extension("hstore")
                    .wanted("ns/cut" + n, Specs.HOME, Map.of("cut_owner" + n, "x"));
            boolean complete;
            try {
                Provisioning.run(new Cut(sql, n), wanted, Specs.VERIFIER, PasswordChange.ALONE);
                complete = true;
            } catch (SqlFailed e) {
                complete = false;
            }
            assertThat(run(wanted).problems()).as("after %d statements", n).isEmpty();
            assertThat(run(wanted).made()).isEmpty();
            if (complete) {
                assertThat(n).isGreaterThan(15);
                return;
            }
        }
    }

    /** Loses its connection after some statements. */
    private static final class Cut implements Sql {
        private final Sql sql;
        private int left;

        Cut(Sql sql, int left) {
            this.sql = sql;
            this.left = left;
        }

        @Override
        public String read(String database, String query) {
            return sql.read(database, query);
        }

        @Override
        public void change(List<Psql.Script> scripts) {
            for (Psql.Script script : scripts) {
                int possible = Math.min(left, script.statements().size());
                List<String> begun = new ArrayList<>(script.statements().subList(0, possible));
                left -= possible;
                if (!begun.isEmpty()) {
                    sql.change(script.database(), begun); // Without its COMMIT nothing of it stays.
                }
                if (possible < script.statements().size()) {
                    throw new SqlFailed("the connection was lost", false);
                }
            }
        }
    }

    /** What a team could try that may create PostgresDatabases in its own namespace, and does not run the cluster. */
    @Test
    void aGuestGainsNothing() throws SQLException {
        assertThat(run(Specs.of("theirs", "their_owner").member("their_reader").wanted("team-a/theirs", Specs.GUEST))
                        .problems())
                .isEmpty();
        execute("postgres", "CREATE ROLE dba SUPERUSER", "CREATE DATABASE live");
        String before = one("postgres", "SELECT md5(string_agg(r::text, '' ORDER BY oid)) FROM pg_authid r");
        for (RoleAttribute attribute : List.of(
                RoleAttribute.SUPERUSER,
                RoleAttribute.CREATEROLE,
                RoleAttribute.REPLICATION,
                RoleAttribute.BYPASSRLS,
                RoleAttribute.BYPASS_RLS)) {
            refused(Specs.of("mine", "mine_owner").role("evil", attribute), DatabaseReason.PRIVILEGE_NOT_PERMITTED);
        }
        for (String group : List.of(
                "postgres",
                "standby",
                "pg_execute_server_program",
                "pg_write_server_files",
                "pg_read_all_data",
                "dba",
                "their_owner",
                "postgres_operator_monitor")) {
            refused(Specs.of("mine", "mine_owner").member("evil", group), DatabaseReason.PRIVILEGE_NOT_PERMITTED);
        }
        refused(Specs.of("mine", "mine_owner").withSecret("dba"), DatabaseReason.ROLE_CONFLICT);
        refused(Specs.of("mine", "mine_owner").withSecret("their_owner"), DatabaseReason.ROLE_CONFLICT);
        // A group that the spec describes, and that is refused, is no way around.
        refused(
                Specs.of("mine", "mine_owner").role("their_owner").member("evil", "their_owner"),
                DatabaseReason.ROLE_CONFLICT);
        refused(
                Specs.of("mine", "mine_owner").role("evil", RoleAttribute.CREATEDB),
                DatabaseReason.PRIVILEGE_NOT_PERMITTED);
        refused(Specs.of("mine", "dba"), DatabaseReason.PRIVILEGE_NOT_PERMITTED);
        refused(Specs.of("mine", "their_reader"), DatabaseReason.ROLE_CONFLICT);
        refused(Specs.of("live", "mine_owner"), DatabaseReason.DATABASE_CONFLICT);
        refused(Specs.of("theirs", "mine_owner"), DatabaseReason.DATABASE_CONFLICT);
        refused(Specs.of("mine", "mine_owner").extension("file_fdw"), DatabaseReason.PRIVILEGE_NOT_PERMITTED);
        refused(Specs.of("mine", "mine_owner").extension("dblink"), DatabaseReason.PRIVILEGE_NOT_PERMITTED);
        execute("postgres", "DROP ROLE IF EXISTS evil");
        assertThat(
                        one(
                                "postgres",
                                "SELECT md5(string_agg(r::text, '' ORDER BY oid)) FROM pg_authid r WHERE rolname <> 'mine_owner'"))
                .isEqualTo(before);
    }

    /** It is said by name, and nobody reaches further than before. */
    private void refused(Specs specs, DatabaseReason reason) throws SQLException {
        assertThat(run(specs.wanted("team-b/mine", Specs.GUEST)).problems())
                .extracting(Problem::reason)
                .contains(reason);
        assertThat(
                        one(
                                "postgres",
                                "SELECT (SELECT count(*) FROM pg_database WHERE pg_get_userbyid(datdba) = 'dba') +"
                                        + " (SELECT count(*) FROM pg_roles r WHERE rolname IN ('evil', 'mine_owner') AND (rolsuper OR rolcreaterole"
                                        + " OR rolreplication OR rolbypassrls OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)))"))
                .isEqualTo("0");
    }

    /** A live database with many roles: nothing changes that was not asked for. */
    @Test
    void whatIsTakenOverStaysAsItIs() throws SQLException {
        execute(
                "postgres",
                "CREATE ROLE legacy_owner LOGIN PASSWORD 'former'",
                "CREATE DATABASE legacy OWNER legacy_owner");
        for (int i = 0; i < 50; i++) {
            execute("postgres", "CREATE ROLE legacy_%d LOGIN CREATEDB PASSWORD 'p%d'".formatted(i, i));
            execute(
                    "legacy",
                    "CREATE TABLE t%1$d (a int); ALTER TABLE t%1$d OWNER TO legacy_%1$d; GRANT SELECT ON t%1$d TO PUBLIC"
                            .formatted(i));
        }
        Specs specs = Specs.of("legacy", "legacy_owner")
                .member("legacy_reader")
                .grant("legacy_reader", "t7", TablePrivilege.SELECT);
        assertThat(run(specs.wanted("ns/legacy", Specs.HOME)).problems())
                .extracting(Problem::reason)
                .contains(DatabaseReason.DATABASE_CONFLICT);
        var managed = new TreeSet<>(List.of("legacy_reader"));
        List<String> before = CatalogSnapshot.of(server, managed, "legacy", List.of());
        Provisioning.Result result = run(specs.wanted("ns/legacy", Specs.ADOPTING));
        assertThat(result.problems()).isEmpty();
        assertThat(result.notes().toString()).contains("legacy_0", "legacy_49");
        assertThat(CatalogSnapshot.of(server, managed, "legacy", List.of())).isEqualTo(before);
        assertThat(one("legacy", "SELECT has_table_privilege('legacy_reader', 't7', 'SELECT')"))
                .isEqualTo("t");
        assertThat(one("postgres", "SELECT has_database_privilege('legacy_3', 'legacy', 'CONNECT')"))
                .isEqualTo("t");
        // A deletion drops nothing of it but what was made.
        Dropping.Result dropped = Dropping.run(sql, "ns/legacy", Set.of());
        assertThat(dropped.dropped()).isEmpty();
        assertThat(
                        one(
                                "postgres",
                                "SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolname IN ('legacy_owner', 'legacy_reader')"))
                .isEqualTo("legacy_owner");
    }

    @Test
    void aDeletionDropsWhatWasCreatedAndNothingElse() throws SQLException {
        Specs specs = Specs.of("gone", "gone_owner")
                .withSecret("gone_owner")
                .member("gone_elsewhere")
                .member("gone_shared")
                .grant("gone_shared", "ALL", TablePrivilege.SELECT);
        assertThat(run(specs.wanted("ns/gone", Specs.HOME, Map.of("gone_owner", "x")))
                        .problems())
                .isEmpty();
        assertThat(run(Specs.of("other", "other_owner").member("gone_shared").wanted("ns/other", Specs.HOME))
                        .problems())
                .isEmpty();
        execute(
                "other",
                "CREATE TABLE keep (a int)",
                "ALTER TABLE keep OWNER TO gone_elsewhere",
                "GRANT SELECT ON keep TO gone_owner");
        execute("gone", "CREATE TABLE t (a int)", "ALTER TABLE t OWNER TO gone_owner");
        Dropping.Result result = Dropping.run(sql, "ns/gone", Set.of("ns/other"));
        assertThat(result.obstacle()).isEmpty();
        assertThat(result.dropped()).contains("gone");
        assertThat(result.kept()).hasSize(2).anyMatch(why -> why.contains("gone_elsewhere") && why.contains("other"));
        assertThat(one(
                        "postgres",
                        "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles WHERE rolname ~ '^gone'"))
                .isEqualTo("gone_elsewhere,gone_shared");
        assertThat(one("other", "SELECT count(*) FROM keep")).isEqualTo("0");
        assertThat(one("postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'gone_elsewhere'"))
                .isEqualTo("f");
        assertThat(Dropping.run(sql, "ns/gone", Set.of("ns/other")).dropped()).isEmpty();
    }

    @Test
    void whatIsInTheWayOfADeletionIsNamed() throws SQLException {
        run(Specs.of("held", "held_owner").wanted("ns/held", Specs.HOME));
        execute("held", "CREATE TABLE t (a int)");
        try (var connection = server.connect("held", "postgres");
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE SUBSCRIPTION sub CONNECTION 'host=127.0.0.1' PUBLICATION p WITH (connect = false)");
            assertThat(Dropping.run(sql, "ns/held", Set.of()).obstacle())
                    .hasValueSatisfying(why -> assertThat(why).contains("subscription sub"));
            statement.execute("ALTER SUBSCRIPTION sub SET (slot_name = NONE)");
            statement.execute("DROP SUBSCRIPTION sub");
        }
        assertThat(Dropping.run(sql, "ns/held", Set.of()).dropped()).contains("held");
    }

    /** Somebody who may create schemas waits for the superuser to write into his table. */
    @Test
    void aTableOfSomebodyElseIsNoRegistry() throws SQLException {
        try (LocalServer other = LocalServer.start(17)) {
            DatabaseFuzzTest.execute(
                    other,
                    "postgres",
                    "postgres",
                    "CREATE ROLE evil",
                    "GRANT CREATE ON DATABASE postgres TO evil",
                    "SET ROLE evil",
                    "CREATE SCHEMA postgres_operator",
                    "CREATE TABLE postgres_operator.managed (kind text, object text, resource text)");
            assertThatThrownBy(() -> Provisioning.prepare(new JdbcSql(other)))
                    .isInstanceOf(SqlFailed.class)
                    .hasMessageContaining("drop it");
        }
    }

    /** Of one namespace in the same way; from another namespace never. */
    @Test
    void rolesAreSharedWithinANamespace() {
        Specs one = Specs.of("share1", "share_owner").member("share_app");
        assertThat(run(one.wanted("ns/share1", Specs.HOME)).problems()).isEmpty();
        assertThat(run(Specs.of("share2", "share_owner").member("share_app").wanted("ns/share2", Specs.HOME))
                        .problems())
                .isEmpty();
        assertThat(run(Specs.of("share3", "share_owner3").member("share_app").wanted("else/share3", Specs.GUEST))
                        .problems())
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .contains("share_app", "another name");
    }

    /** The operator's session does not follow what is set for applications. */
    @Test
    void aServerThatIsReadOnlyForApplicationsIsNot() throws SQLException {
        execute("postgres", "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        try {
            Provisioning.Result result = run(Specs.of("ro", "ro_owner").wanted("ns/ro", Specs.HOME));
            assertThat(result.serves()).isTrue();
            assertThat(result.problems()).isEmpty();
        } finally {
            execute(
                    "postgres",
                    "SET default_transaction_read_only = off",
                    "ALTER SYSTEM RESET default_transaction_read_only",
                    "SELECT pg_reload_conf()");
        }
    }

    /** Of the plan, not of the server: no name is ever more than a name. */
    @Test
    void anEmptyListOfRolesIsFine() {
        assertThat(IntStream.range(0, 2)
                        .mapToObj(i -> run(Specs.of("bare", "bare_owner").wanted("ns/bare", Specs.HOME)))
                        .toList())
                .allMatch(result -> result.problems().isEmpty());
    }

    /** One that was applied anew, and that has lost its database to another meanwhile, drops nothing. */
    @Test
    void aDeletionDropsNothingOfAnotherResource() throws SQLException {
        run(Specs.of("moved", "moved_owner").wanted("ns/old", Specs.HOME));
        assertThat(run(Specs.of("moved", "moved_owner").wanted("ns/new", Specs.HOME))
                        .problems())
                .isEmpty();
        Dropping.Result result = Dropping.run(sql, "ns/old", Set.of("ns/new"));
        assertThat(result.dropped()).isEmpty();
        assertThat(result.kept()).anyMatch(why -> why.contains("moved"));
        assertThat(one("postgres", "SELECT count(*) FROM pg_database WHERE datname = 'moved'"))
                .isEqualTo("1");
        assertThat(Dropping.run(sql, "ns/new", Set.of()).dropped()).contains("moved");
    }

    /** What an owner may do on his own tables is nobody's grant. */
    @Test
    void aRevocationLeavesTheOwnerHisOwn() throws SQLException {
        Specs with = Specs.of("own", "own_owner").member("own_owner").grant("own_owner", "ALL", TablePrivilege.ALL);
        run(with.wanted("ns/own", Specs.HOME));
        execute(
                "own",
                "CREATE TABLE mine (a int)",
                "ALTER TABLE mine OWNER TO own_owner",
                "CREATE TABLE theirs (a int)");
        assertThat(run(with.wanted("ns/own", Specs.HOME)).problems()).isEmpty();
        assertThat(one("own", "SELECT has_table_privilege('own_owner', 'theirs', 'INSERT')"))
                .isEqualTo("t");
        Specs without = Specs.of("own", "own_owner").member("own_owner");
        assertThat(run(without.wanted("ns/own", Specs.HOME)).problems()).isEmpty();
        assertThat(one("own", "SELECT has_table_privilege('own_owner', 'theirs', 'INSERT')"))
                .isEqualTo("f");
        assertThat(one("own", "SELECT has_table_privilege('own_owner', 'mine', 'INSERT')"))
                .isEqualTo("t");
        assertThat(one("own", "SELECT has_database_privilege('own_owner', 'own', 'CONNECT')"))
                .isEqualTo("t");
        assertThat(run(without.wanted("ns/own", Specs.HOME)).made()).isEmpty();
    }

    /** A circle is refused by the server, and keeps back nothing else. */
    @Test
    void aCircleOfMembershipsKeepsBackNothingElse() throws SQLException {
        Provisioning.Result result = run(Specs.of("circle", "circle_owner")
                .member("circle_a", "circle_b")
                .member("circle_b", "circle_a")
                .wanted("ns/circle", Specs.HOME));
        assertThat(result.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("is a member of role"));
        assertThat(one("postgres", "SELECT count(*) FROM pg_roles WHERE rolname IN ('circle_a', 'circle_b')"))
                .isEqualTo("2");
        assertThat(one("circle", "SELECT current_database()")).isEqualTo("circle");
    }

    @Test
    void aRoleThatIsNoLongerDescribedCannotLogIn() throws SQLException {
        Specs both = Specs.of("retired", "retired_owner").member("retired_app").grant("retired_app", "ALL");
        run(both.wanted("ns/retired", Specs.HOME));
        run(Specs.of("retired", "retired_owner").grant("retired_app", "ALL").wanted("ns/retired", Specs.HOME));
        assertThat(one("postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'retired_app'"))
                .isEqualTo("f");
    }
}

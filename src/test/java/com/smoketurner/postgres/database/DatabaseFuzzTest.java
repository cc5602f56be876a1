package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresDatabaseSpec;
import com.smoketurner.postgres.database.plan.Claims;
import com.smoketurner.postgres.database.plan.Wanted;
import com.smoketurner.postgres.testing.Thorough;
import com.smoketurner.postgres.testing.server.LocalServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random specs and changes on real servers. After each the server has what the spec says, a second run sends nothing, and what
 * the resource does not manage is as before.
 */
class DatabaseFuzzTest {
    private static final int TRANSITIONS = 12;

    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void theServerFollowsTheSpecAndNothingElseChanges(int major) throws SQLException {
        long seed = Long.getLong("fuzz.seed", 20_261_201L + major);
        try (LocalServer server = LocalServer.start(major)) {
            bystanders(server);
            var random = new Random(seed);
            int resources = Thorough.times(50, 2);
            for (int i = 0; i < resources; i++) {
                new Run(server, major, random, i).transitions(TRANSITIONS);
            }
        }
    }

    private static void bystanders(LocalServer server) throws SQLException {
        execute(
                server,
                "postgres",
                "postgres",
                "CREATE ROLE bystander LOGIN PASSWORD 'x'",
                "CREATE ROLE \"by;stander\" CREATEROLE",
                "GRANT bystander TO \"by;stander\"",
                "ALTER ROLE bystander SET work_mem = '5MB'",
                "CREATE DATABASE bystander OWNER bystander");
        execute(server, "bystander", "bystander", "CREATE TABLE t (a int)", "GRANT SELECT ON t TO \"by;stander\"");
        Provisioning.prepare(new JdbcSql(server));
    }

    static void execute(LocalServer server, String database, String user, String... statements) throws SQLException {
        try (Connection connection = server.connect(database, "postgres");
                var statement = connection.createStatement()) {
            statement.execute("SET ROLE " + CatalogSnapshot.identifier(user));
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    /** The life of one resource. */
    private static final class Run {
        private final LocalServer server;
        private final int major;
        private final Random random;
        private final RandomSpec specs;
        private final JdbcSql sql;
        private final String database;
        private final String resource;
        private final SortedSet<String> managed = new TreeSet<>();
        private int table;

        Run(LocalServer server, int major, Random random, int number) {
            this.server = server;
            this.major = major;
            this.random = random;
            specs = new RandomSpec(random, number + "_");
            sql = new JdbcSql(server);
            database = List.of("db%d", "Odd \"db' %d", "名%d").get(number % 3).formatted(number);
            resource = "ns/r" + number;
        }

        void transitions(int count) throws SQLException {
            for (int i = 0; i < count; i++) {
                transition(i);
            }
        }

        private void transition(int step) throws SQLException {
            PostgresDatabaseSpec spec = specs.next(database);
            Map<String, String> passwords = specs.passwords(spec);
            managed.add(spec.database().owner());
            spec.roles().forEach(role -> managed.add(role.name()));
            if (step > 0) {
                application();
            }
            Wanted wanted = Wanted.of(resource, spec, new Wanted.Rights(true, true, false), Claims.NONE, passwords);
            List<String> before = CatalogSnapshot.of(server, managed, database, List.of("bystander"));
            Provisioning.Result result = Provisioning.run(sql, wanted, Specs.VERIFIER, PasswordChange.ALONE);
            List<String> description = new ArrayList<>(sql.sent());
            assertThat(unexpected(result)).as("%s", spec + "\n" + description).isEmpty();
            if (step == 0) {
                execute(server, database, spec.database().owner(), "CREATE SCHEMA side");
                Provisioning.run(sql, wanted, Specs.VERIFIER, PasswordChange.ALONE);
                sql.sent();
            } else {
                assertThat(CatalogSnapshot.of(server, managed, database, List.of("bystander")))
                        .as("%s", description)
                        .isEqualTo(before);
            }
            createTables(spec);
            assertThat(Provisioning.run(sql, wanted, Specs.VERIFIER, PasswordChange.ALONE)
                            .made())
                    .as("a second run after %s", description)
                    .allMatch(change ->
                            change.sql().contains("t1") || change.sql().contains("Odd"));
            sql.sent();
            Provisioning.Result again = Provisioning.run(sql, wanted, Specs.VERIFIER, PasswordChange.ALONE);
            assertThat(again.made()).isEmpty();
            assertThat(sql.sent()).isEmpty();
            CatalogCheck.check(server, major, spec, passwords);
        }

        /** A table that does not exist is the user's to create. */
        private static List<?> unexpected(Provisioning.Result result) {
            return result.problems().stream()
                    .filter(problem -> !problem.message().contains("does not exist; create it")
                            && !problem.message().contains("names no tables")
                            && !problem.message().contains("needs cube"))
                    .toList();
        }

        /** What applications and people do meanwhile. */
        private void application() throws SQLException {
            switch (random.nextInt(5)) {
                case 0 -> execute(server, database, "postgres", "CREATE TABLE side.s" + table++ + " (a serial)");
                case 1 ->
                    execute(server, database, "postgres", "GRANT ALL ON ALL TABLES IN SCHEMA public TO bystander");
                case 2 ->
                    execute(
                            server,
                            "postgres",
                            "postgres",
                            "GRANT CONNECT ON DATABASE " + CatalogSnapshot.identifier(database) + " TO PUBLIC");
                case 3 ->
                    execute(
                            server,
                            database,
                            "postgres",
                            "CREATE FUNCTION side.f" + table++ + "() RETURNS int LANGUAGE sql AS 'SELECT 1'");
                default -> {
                    String role = managed.first();
                    try {
                        execute(
                                server,
                                "postgres",
                                "postgres",
                                "ALTER ROLE " + CatalogSnapshot.identifier(role)
                                        + " NOLOGIN CREATEDB CONNECTION LIMIT 3 PASSWORD 'other'");
                    } catch (SQLException e) {
                        // There is none of that name yet.
                    }
                }
            }
        }

        /** A new table of the owner's, and of a superuser's, has the privileges at once. */
        private void createTables(PostgresDatabaseSpec spec) throws SQLException {
            String owner = spec.database().owner();
            execute(server, database, owner, "CREATE TABLE public.n" + table++ + " (a int)");
            if (random.nextInt(3) == 0) {
                execute(
                        server,
                        database,
                        owner,
                        "CREATE TABLE IF NOT EXISTS public.t1 (a int)",
                        "CREATE TABLE IF NOT EXISTS public.\"Odd\"\"table\" (a int)");
            }
        }
    }
}

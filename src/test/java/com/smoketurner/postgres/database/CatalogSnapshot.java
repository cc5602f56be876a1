package com.smoketurner.postgres.database;

import com.smoketurner.postgres.testing.server.LocalServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** All that a server has beside what a resource manages: roles, memberships, databases, and privileges in its own database. */
final class CatalogSnapshot {

    private CatalogSnapshot() {}

    /**
     * One line for each thing.
     *
     * @param managed roles that the resource names
     * @param database that of the resource; absent databases are passed over
     */
    static List<String> of(LocalServer server, SortedSet<String> managed, String database, List<String> otherDatabases)
            throws SQLException {
        String roles = managed.isEmpty()
                ? "''"
                : managed.stream().map(CatalogSnapshot::literal).collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>();
        try (Connection connection = server.connect("postgres", "postgres")) {
            lines.addAll(query(
                    connection,
                    "SELECT 'role ' || to_jsonb(r)::text FROM pg_authid r WHERE rolname NOT IN (" + roles
                            + ") ORDER BY 1"));
            lines.addAll(query(
                    connection,
                    "SELECT 'member ' || roleid::regrole || ' of ' || member::regrole FROM pg_auth_members"
                            + " WHERE pg_get_userbyid(member) NOT IN (" + roles + ") ORDER BY 1"));
            lines.addAll(query(
                    connection,
                    "SELECT 'database ' || datname || datdba || datconnlimit || coalesce(datacl::text, '') FROM pg_database WHERE datname <> "
                            + literal(database) + " ORDER BY 1"));
            lines.addAll(
                    query(
                            connection,
                            "SELECT 'setting ' || setdatabase || setrole || setconfig::text FROM pg_db_role_setting ORDER BY 1"));
        }
        for (String other : otherDatabases) {
            lines.addAll(content(server, other, "''"));
        }
        if (exists(server, database)) {
            lines.addAll(content(server, database, roles));
        }
        return lines;
    }

    private static boolean exists(LocalServer server, String database) throws SQLException {
        try (Connection connection = server.connect("postgres", "postgres")) {
            return !query(connection, "SELECT 'x' FROM pg_database WHERE datname = " + literal(database))
                    .isEmpty();
        }
    }

    /** What is in a database, with the privileges of all but some roles. */
    private static List<String> content(LocalServer server, String database, String without) throws SQLException {
        String acl =
                "(SELECT string_agg(e.grantee || e.privilege_type, ',' ORDER BY e.grantee, e.privilege_type) FROM aclexplode({acl}) e"
                        + " WHERE e.grantee = 0 OR pg_get_userbyid(e.grantee) NOT IN (" + without + "))";
        try (Connection connection = server.connect(database, "postgres")) {
            List<String> lines = new ArrayList<>(
                    query(
                            connection,
                            "SELECT 'relation ' || oid || relname || relowner || coalesce("
                                    + acl.replace(
                                            "{acl}",
                                            "coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's'::\"char\" ELSE 'r' END, relowner))")
                                    + ", '') FROM pg_class WHERE relnamespace NOT IN (11, 99)"
                                    + " AND relnamespace::regnamespace::text !~ '^(pg_|information_schema|postgres_operator)' ORDER BY 1"));
            lines.addAll(
                    query(
                            connection,
                            "SELECT 'function ' || oid || coalesce("
                                    + acl.replace("{acl}", "coalesce(proacl, acldefault('f', proowner))")
                                    + ", '') FROM pg_proc p WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema)'"
                                    + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1"));
            lines.addAll(
                    query(
                            connection,
                            "SELECT 'schema ' || nspname || nspowner || coalesce("
                                    + acl.replace("{acl}", "coalesce(nspacl, acldefault('n', nspowner))")
                                    + ", '') FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|postgres_operator)' ORDER BY 1"));
            return lines.stream().map(line -> database + ": " + line).toList();
        }
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            while (result.next()) {
                rows.add(result.getString(1));
            }
        }
        return rows;
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String identifier(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}

package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.GrantSpec;
import com.smoketurner.postgres.api.PostgresDatabaseSpec;
import com.smoketurner.postgres.api.RoleAttribute;
import com.smoketurner.postgres.api.RoleSpec;
import com.smoketurner.postgres.api.TablePrivilege;
import com.smoketurner.postgres.postgres.Scram;
import com.smoketurner.postgres.testing.server.LocalServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether a server has what a spec says, by queries that have nothing in common with those of the operator. */
final class CatalogCheck {

    private CatalogCheck() {}

    static void check(LocalServer server, int major, PostgresDatabaseSpec spec, Map<String, String> passwords)
            throws SQLException {
        try (Connection connection = server.connect("postgres", "postgres")) {
            for (RoleSpec role : spec.roles()) {
                role(connection, role, Optional.ofNullable(passwords.get(role.name())));
            }
            assertThat(one(
                            connection,
                            "SELECT pg_get_userbyid(datdba) || ' ' || datconnlimit || ' ' || pg_encoding_to_char(encoding)"
                                    + " || ' ' || has_database_privilege('bystander', oid, 'CONNECT') FROM pg_database WHERE datname = "
                                    + CatalogSnapshot.literal(spec.database().name())))
                    .isEqualTo("%s %d UTF8 false"
                            .formatted(spec.database().owner(), spec.database().connectionLimitOrDefault()));
        }
        try (Connection connection = server.connect(spec.database().name(), "postgres")) {
            assertThat(CatalogSnapshot.query(connection, "SELECT extname FROM pg_extension"))
                    .containsAll(spec.extensions().stream()
                            .filter(extension -> !extension.equals("earthdistance")
                                    || spec.extensions().contains("cube"))
                            .toList());
            // A table of each kind of creator, made after the grants.
            for (RoleSpec role : spec.roles()) {
                privileges(connection, major, spec, role.name());
            }
        }
    }

    private static void role(Connection connection, RoleSpec role, Optional<String> password) throws SQLException {
        String where = " FROM pg_authid WHERE rolname = " + CatalogSnapshot.literal(role.name());
        List<RoleAttribute> listed = role.privileges();
        assertThat(one(
                        connection,
                        "SELECT concat_ws(' ', rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,"
                                + " rolconnlimit, coalesce(nullif(rolvaliduntil, 'infinity')::text, 'never'))" + where))
                .startsWith("%s %s %s %s %s %s %d "
                        .formatted(
                                t(role.canLogin()),
                                t(listed.contains(RoleAttribute.SUPERUSER)),
                                t(listed.contains(RoleAttribute.CREATEDB)),
                                t(listed.contains(RoleAttribute.CREATEROLE)),
                                t(listed.contains(RoleAttribute.REPLICATION)),
                                t(listed.contains(RoleAttribute.BYPASSRLS)),
                                role.connectionLimitOrDefault()));
        String until = role.validUntil() == null
                ? "coalesce(rolvaliduntil, 'infinity') = 'infinity'"
                : "rolvaliduntil = " + CatalogSnapshot.literal(role.validUntil());
        assertThat(one(connection, "SELECT " + until + where)).isEqualTo("t");
        if (password.isPresent()) {
            assertThat(Scram.verifies(one(connection, "SELECT rolpassword" + where), password.get()))
                    .isTrue();
        }
        assertThat(CatalogSnapshot.query(
                        connection,
                        "SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles r ON r.oid = m.member"
                                + " WHERE r.rolname = " + CatalogSnapshot.literal(role.name())))
                .containsExactlyInAnyOrderElementsOf(new TreeSet<>(role.inRoles()));
    }

    /** The privileges that a role has by itself on each table are those of the spec, neither more nor fewer. */
    private static void privileges(Connection connection, int major, PostgresDatabaseSpec spec, String role)
            throws SQLException {
        List<String> tables = CatalogSnapshot.query(
                connection,
                "SELECT nspname || '.' || relname FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace"
                        + " WHERE nspname IN ('public', 'side') AND relkind IN ('r', 'v') AND pg_get_userbyid(relowner) <> "
                        + CatalogSnapshot.literal(role)
                        + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')");
        for (String table : tables) {
            String schema = table.substring(0, table.indexOf('.'));
            String name = table.substring(table.indexOf('.') + 1);
            SortedSet<String> wanted = spec.grants().stream()
                    .filter(grant -> grant.role().equals(role)
                            && grant.effectiveSchema().equals(schema)
                            && (grant.coversAllTables() || name.equals(grant.onTables())))
                    .flatMap(grant -> names(grant, major))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(CatalogSnapshot.query(
                            connection,
                            "SELECT e.privilege_type FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace, aclexplode(relacl) e"
                                    + " WHERE nspname = " + CatalogSnapshot.literal(schema) + " AND relname = "
                                    + CatalogSnapshot.literal(name) + " AND pg_get_userbyid(e.grantee) = "
                                    + CatalogSnapshot.literal(role)))
                    .as("privileges of %s on %s", role, table)
                    .containsExactlyInAnyOrderElementsOf(wanted);
        }
    }

    private static Stream<String> names(GrantSpec grant, int major) {
        Stream<String> all = Stream.concat(
                Stream.of(TablePrivilege.values())
                        .filter(privilege -> privilege != TablePrivilege.ALL)
                        .map(TablePrivilege::label),
                major >= 17 ? Stream.of("MAINTAIN") : Stream.empty());
        return grant.privileges().contains(TablePrivilege.ALL)
                ? all
                : grant.privileges().stream().map(TablePrivilege::label);
    }

    private static String t(boolean value) {
        return value ? "t" : "f";
    }

    static String one(Connection connection, String sql) throws SQLException {
        List<String> rows = CatalogSnapshot.query(connection, sql);
        assertThat(rows).as(sql).hasSize(1);
        return rows.getFirst();
    }
}

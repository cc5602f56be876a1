package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.DatabaseDefinition;
import com.smoketurner.postgres.api.GrantSpec;
import com.smoketurner.postgres.api.PostgresDatabaseSpec;
import com.smoketurner.postgres.api.TablePrivilege;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a PostgresDatabase asks for.
 *
 * @param resource {@code namespace/name} of it
 * @param roles without an owner that the spec does not describe
 */
public record Wanted(
        String resource,
        Rights rights,
        Claims claims,
        DatabaseDefinition database,
        List<WantedRole> roles,
        List<GrantSpec> grants,
        List<String> extensions) {

    /** {@code GRANT ALL} includes it from this version on. */
    private static final int MAINTAIN_SINCE = 170000;

    /**
     * What it may do.
     *
     * @param home whether it is in the namespace of the cluster
     * @param privileged whether it may ask for what reaches beyond its database
     * @param adopts whether it takes over a database and roles that it did not create
     */
    public record Rights(boolean home, boolean privileged, boolean adopts) {}

    /**
     * What the spec asks for.
     *
     * @param passwords of the roles that have Secrets
     */
    public static Wanted of(
            String resource, PostgresDatabaseSpec spec, Rights rights, Claims claims, Map<String, String> passwords) {
        return new Wanted(
                resource,
                rights,
                claims,
                spec.database(),
                spec.roles().stream()
                        .map(role -> WantedRole.of(role, Optional.ofNullable(passwords.get(role.name()))))
                        .toList(),
                spec.grants(),
                spec.extensions());
    }

    /** All roles that it names. */
    SortedSet<String> namedRoles() {
        SortedSet<String> names = new TreeSet<>();
        names.add(database.owner());
        roles.forEach(role -> {
            names.add(role.name());
            names.addAll(role.groups());
        });
        grants.forEach(grant -> names.add(grant.role()));
        return names;
    }

    /** Its namespace. */
    String namespace() {
        return resource.substring(0, resource.indexOf('/'));
    }

    /**
     * The password that a role is to have.
     *
     * @throws java.util.NoSuchElementException if it has no Secret
     */
    public String password(String role) {
        return roles.stream()
                .filter(wanted -> wanted.name().equals(role))
                .flatMap(wanted -> wanted.password().stream())
                .findFirst()
                .orElseThrow();
    }

    boolean describes(String role) {
        return roles.stream().anyMatch(wanted -> wanted.name().equals(role));
    }

    /**
     * The privileges on the database and in it.
     *
     * @param version of the server, such as 170002
     */
    public SortedSet<Privilege> privileges(int version) {
        SortedSet<Privilege> privileges = new TreeSet<>();
        // A role with a Secret is told to connect here.
        roles.stream()
                .filter(role -> role.attributes().login())
                .forEach(role -> privileges.add(Privilege.onDatabase(role.name(), "CONNECT")));
        grants.forEach(grant -> privileges.addAll(privileges(grant, version)));
        return privileges;
    }

    private static List<Privilege> privileges(GrantSpec grant, int version) {
        List<Privilege> privileges = new ArrayList<>();
        String role = grant.role();
        String[] table = grant.coversAllTables() || grant.onTables() == null
                ? new String[0]
                : grant.onTables().split("[.]", 2);
        String schema = table.length == 2 ? table[0] : grant.effectiveSchema();
        privileges.add(Privilege.onDatabase(role, "CONNECT"));
        privileges.add(new Privilege(role, Privilege.Scope.SCHEMA, schema, "", "USAGE"));
        for (String name : onTables(grant, version)) {
            if (grant.coversAllTables()) {
                privileges.add(new Privilege(role, Privilege.Scope.TABLES, schema, "", name));
            } else if (table.length > 0) {
                privileges.add(new Privilege(role, Privilege.Scope.TABLE, schema, table[table.length - 1], name));
            }
        }
        if (grant.allSequencesOrDefault()) {
            privileges.add(new Privilege(role, Privilege.Scope.SEQUENCES, schema, "", "USAGE"));
            privileges.add(new Privilege(role, Privilege.Scope.SEQUENCES, schema, "", "SELECT"));
        }
        if (grant.allFunctionsOrDefault()) {
            privileges.add(new Privilege(role, Privilege.Scope.FUNCTIONS, schema, "", "EXECUTE"));
        }
        return privileges;
    }

    private static SortedSet<String> onTables(GrantSpec grant, int version) {
        SortedSet<String> names = new TreeSet<>();
        for (TablePrivilege privilege : grant.privileges()) {
            if (privilege != TablePrivilege.ALL) {
                names.add(privilege.label());
                continue;
            }
            for (TablePrivilege each : TablePrivilege.values()) {
                if (each != TablePrivilege.ALL) {
                    names.add(each.label());
                }
            }
            if (version >= MAINTAIN_SINCE) {
                names.add("MAINTAIN");
            }
        }
        return names;
    }
}

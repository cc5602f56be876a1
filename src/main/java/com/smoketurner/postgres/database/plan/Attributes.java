package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.api.RoleAttribute;
import com.smoketurner.postgres.api.RoleSpec;
import com.smoketurner.postgres.postgres.Literals;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The attributes of a role.
 *
 * @param connectionLimit -1 for none
 * @param validUntil when its password expires; absent for never
 */
public record Attributes(
        boolean login,
        boolean superuser,
        boolean createDb,
        boolean createRole,
        boolean replication,
        boolean bypassRls,
        int connectionLimit,
        Optional<Instant> validUntil) {

    /** Of an owner that the spec does not describe. */
    static final Attributes NONE = new Attributes(false, false, false, false, false, false, -1, Optional.empty());

    /** What the spec says of a role; what it does not say is removed from it. */
    static Attributes of(RoleSpec role) {
        List<RoleAttribute> listed = role.privileges();
        return new Attributes(
                role.canLogin(),
                listed.contains(RoleAttribute.SUPERUSER),
                listed.contains(RoleAttribute.CREATEDB),
                listed.contains(RoleAttribute.CREATEROLE),
                listed.contains(RoleAttribute.REPLICATION),
                listed.contains(RoleAttribute.BYPASSRLS) || listed.contains(RoleAttribute.BYPASS_RLS),
                role.connectionLimitOrDefault(),
                validUntil(role));
    }

    /** The time after which the password is not valid; none where there is no such time. PostgreSQL keeps microseconds. */
    private static Optional<Instant> validUntil(RoleSpec role) {
        try {
            return Optional.ofNullable(role.validUntil())
                    .map(text -> OffsetDateTime.parse(text.toUpperCase(Locale.ROOT))
                            .toInstant()
                            .truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** What of a role cannot be understood, such as the 30th of February. */
    static Optional<String> fault(RoleSpec role) {
        return role.validUntil() != null && validUntil(role).isEmpty()
                ? Optional.of("validUntil of role \"%s\" is no time that exists: %s"
                        .formatted(role.name(), role.validUntil()))
                : Optional.empty();
    }

    /** The names of those that reach beyond the databases of the role. */
    List<String> privileged() {
        return privileged(true);
    }

    /**
     * The names of those that are not everybody's to ask for.
     *
     * @param home whether it is asked for in the namespace of the cluster: another one gets no more databases than it asks for
     */
    List<String> privileged(boolean home) {
        List<String> names = new ArrayList<>();
        clause(names, createDb && !home, false, "CREATEDB");
        clause(names, superuser, false, "SUPERUSER");
        clause(names, createRole, false, "CREATEROLE");
        clause(names, replication, false, "REPLICATION");
        clause(names, bypassRls, false, "BYPASSRLS");
        names.removeIf(name -> name.startsWith("NO"));
        return names;
    }

    /** The clauses of {@code ALTER ROLE} that make a role with these attributes one with others; empty where they are the same. */
    String clausesTo(Attributes other) {
        List<String> clauses = new ArrayList<>();
        clause(clauses, other.login, login, "LOGIN");
        clause(clauses, other.superuser, superuser, "SUPERUSER");
        clause(clauses, other.createDb, createDb, "CREATEDB");
        clause(clauses, other.createRole, createRole, "CREATEROLE");
        clause(clauses, other.replication, replication, "REPLICATION");
        clause(clauses, other.bypassRls, bypassRls, "BYPASSRLS");
        if (other.connectionLimit != connectionLimit) {
            clauses.add("CONNECTION LIMIT " + other.connectionLimit);
        }
        if (!Objects.equals(other.validUntil, validUntil)) {
            clauses.add("VALID UNTIL "
                    + Literals.quote(other.validUntil.map(Instant::toString).orElse("infinity")));
        }
        return String.join(" ", clauses);
    }

    private static void clause(List<String> clauses, boolean wanted, boolean present, String name) {
        if (wanted != present) {
            clauses.add(wanted ? name : "NO" + name);
        }
    }
}

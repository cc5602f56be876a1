package com.smoketurner.postgres.database.plan;

import java.util.Set;

/** Roles that are nobody's to give. */
final class Reserved {

    /** Who may ask for what is refused. */
    static final String WHO_MAY =
            "a PostgresDatabase may ask for it in the namespace of its cluster, unless the operator runs with"
                    + " POSTGRES_OPERATOR_ALLOW_PRIVILEGED_ROLES=false";

    private static final Set<String> NAMES = Set.of("postgres", "standby", "admin", "pgbouncer_auth");

    private Reserved() {}

    /** Whether a role is the superuser's, Patroni's or the operator's own. */
    static boolean role(String name) {
        return NAMES.contains(name) || name.startsWith("postgres_operator_");
    }

    /** Whether a role is one of PostgreSQL's own. */
    static boolean predefined(String name) {
        return name.startsWith("pg_");
    }
}

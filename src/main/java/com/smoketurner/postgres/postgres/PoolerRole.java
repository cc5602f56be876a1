package com.smoketurner.postgres.postgres;

import java.util.List;

/**
 * The role by which PgBouncer looks up the verifier of each client, and the function that tells it. It tells of those that may log in
 * over a pooler: of no superuser but {@code postgres}, of no role for replication, and of none of the operator's.
 */
public final class PoolerRole {

    /** Two of each pod of two poolers, while all of them are replaced. */
    private static final int CONNECTIONS = 50;

    private static final String FUNCTION = "pgbouncer.user_lookup(text)";

    /** An expired password is no password: the server itself would refuse it, but PgBouncer does not ask. */
    private static final String BODY =
            "SELECT rolname, CASE WHEN rolvaliduntil < pg_catalog.now() THEN NULL ELSE rolpassword END"
                    + " FROM pg_catalog.pg_authid WHERE rolname = u AND rolcanlogin"
                    + " AND (rolname = 'postgres' OR NOT (rolsuper OR rolreplication))"
                    + " AND rolname <> 'pgbouncer_auth' AND rolname !~ '^postgres_operator_'";

    private PoolerRole() {}

    /** The statements after the role has been created; in the database {@code postgres}. */
    public static List<String> define(String name) {
        String role = Identifiers.quote(name);
        return List.of(
                "ALTER ROLE %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT %d"
                        .formatted(role, CONNECTIONS),
                "ALTER ROLE %s SET search_path = pg_catalog".formatted(role),
                "GRANT CONNECT ON DATABASE postgres TO " + role,
                "CREATE SCHEMA IF NOT EXISTS pgbouncer",
                "ALTER SCHEMA pgbouncer OWNER TO postgres",
                "REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC",
                "GRANT USAGE ON SCHEMA pgbouncer TO " + role,
                "CREATE OR REPLACE FUNCTION pgbouncer.user_lookup(u text, OUT usename name, OUT passwd text) RETURNS SETOF record"
                        + " LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS "
                        + Literals.quote(BODY),
                "ALTER FUNCTION %s OWNER TO postgres".formatted(FUNCTION),
                "REVOKE ALL ON FUNCTION %s FROM PUBLIC".formatted(FUNCTION),
                "GRANT EXECUTE ON FUNCTION %s TO %s".formatted(FUNCTION, role));
    }

    /** The query that answers {@code t} as long as the function is what it was made, and the role may use it. */
    public static String check(String name) {
        String role = Literals.quote(name);
        return "SELECT count(*) = 1 FROM pg_proc WHERE oid = to_regprocedure('%s') AND prosecdef AND prosrc = %s"
                        .formatted(FUNCTION, Literals.quote(BODY))
                + " AND has_function_privilege(%s, oid, 'EXECUTE') AND has_schema_privilege(%s, pronamespace, 'USAGE')"
                        .formatted(role, role);
    }

    /** The statement after which nobody logs in as the role. */
    public static String retire(String name) {
        return "ALTER ROLE %s NOLOGIN PASSWORD NULL".formatted(Identifiers.quote(name));
    }
}

package com.smoketurner.postgres.database.plan;

import com.smoketurner.postgres.postgres.Literals;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the operator has made in a server for PostgresDatabases: a table in the database {@code postgres}, so that it comes back
 * with a restore and goes along with an upgrade. The status of a resource is lost when somebody applies it anew elsewhere.
 */
public final class Registry {

    private static final String SCHEMA = "postgres_operator";
    private static final String TABLE = SCHEMA + ".managed";

    /**
     * The query that answers {@code safe}, {@code missing}, or {@code foreign}: somebody else's table could run somebody else's
     * code in the session of the superuser. It reads the catalog alone.
     */
    public static final String CHECK = "SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '"
            + SCHEMA
            + "') THEN 'missing' WHEN EXISTS (SELECT FROM pg_namespace WHERE nspname = '" + SCHEMA
            + "' AND nspowner <> 10) THEN 'foreign' ELSE coalesce((SELECT CASE WHEN relowner = 10 AND relkind = 'r'"
            + " AND NOT relhastriggers AND NOT relhasrules AND NOT relrowsecurity THEN 'safe' ELSE 'foreign' END FROM pg_class"
            + " WHERE relname = 'managed' AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = '" + SCHEMA
            + "')), 'missing') END";

    /** What to do where it is foreign. */
    public static final String FOREIGN = "schema " + SCHEMA
            + " of database postgres, in which the operator notes what it has created, belongs to somebody else; drop it";

    /** The statements that create it, in one transaction. */
    public static final List<String> CREATE = List.of(
            "BEGIN",
            "CREATE SCHEMA IF NOT EXISTS " + SCHEMA,
            "REVOKE ALL ON SCHEMA " + SCHEMA + " FROM PUBLIC",
            "CREATE TABLE IF NOT EXISTS " + TABLE
                    + " (kind text NOT NULL, object text NOT NULL, resource text NOT NULL, PRIMARY KEY (resource, kind, object))",
            "COMMENT ON TABLE " + TABLE + " IS 'What postgres-operator has created for PostgresDatabases'",
            "COMMIT");

    private Registry() {}

    static String insert(Noted noted) {
        return "INSERT INTO %s (kind, object, resource) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
                .formatted(
                        TABLE,
                        Literals.quote(noted.kind().label()),
                        Literals.quote(noted.object()),
                        Literals.quote(noted.resource()));
    }

    static String deleteAllBut(String resource, List<String> roles) {
        String rest = roles.isEmpty()
                ? ""
                : " AND NOT (kind = 'role' AND object IN ("
                        + roles.stream().map(Literals::quote).collect(Collectors.joining(", ")) + "))";
        return "DELETE FROM %s WHERE resource = %s%s".formatted(TABLE, Literals.quote(resource), rest);
    }

    static String delete(Noted noted) {
        return "DELETE FROM %s WHERE kind = %s AND object = %s AND resource = %s"
                .formatted(
                        TABLE,
                        Literals.quote(noted.kind().label()),
                        Literals.quote(noted.object()),
                        Literals.quote(noted.resource()));
    }
}

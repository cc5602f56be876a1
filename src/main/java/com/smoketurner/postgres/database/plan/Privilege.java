package com.smoketurner.postgres.database.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.postgres.Identifiers;
import java.util.Comparator;

/**
 * One privilege of a role on one object, or on all objects of one type in a schema: what is granted, noted and revoked at a time.
 *
 * @param schema empty for a privilege on the database
 * @param object the table; empty for other scopes
 * @param name in SQL, such as {@code SELECT}
 */
public record Privilege(String role, Scope scope, String schema, String object, String name)
        implements Comparable<Privilege> {

    private static final Comparator<Privilege> ORDER = Comparator.comparing(Privilege::scope)
            .thenComparing(Privilege::schema)
            .thenComparing(Privilege::object)
            .thenComparing(Privilege::role)
            .thenComparing(Privilege::name);

    /** What a privilege is on, in the order in which privileges are granted. */
    public enum Scope {
        DATABASE("database", ""),
        SCHEMA("schema", ""),
        /** All tables and views of a schema, and those to come. */
        TABLES("tables", "TABLES"),
        TABLE("table", ""),
        SEQUENCES("sequences", "SEQUENCES"),
        FUNCTIONS("functions", "FUNCTIONS");

        private final String label;
        private final String plural;

        Scope(String label, String plural) {
            this.label = label;
            this.plural = plural;
        }

        /** The word in queries and in the registry. */
        String label() {
            return label;
        }

        /** Whether it is about all objects of a schema, those to come included. */
        public boolean all() {
            return !plural.isEmpty();
        }

        /** The word after {@code GRANT … ON} in {@code ALTER DEFAULT PRIVILEGES}. */
        String plural() {
            return plural;
        }

        static Scope of(String label) {
            for (Scope scope : values()) {
                if (scope.label.equals(label)) {
                    return scope;
                }
            }
            throw new IllegalArgumentException("no such scope: " + label);
        }
    }

    /** The same on one table alone. */
    Privilege on(String table) {
        return new Privilege(role, Scope.TABLE, schema, table, name);
    }

    /** Several privileges of one role on the same object. */
    Privilege named(String names) {
        return new Privilege(role, scope, schema, object, names);
    }

    static Privilege onDatabase(String role, String name) {
        return new Privilege(role, Scope.DATABASE, "", "", name);
    }

    /** What stands between {@code ON} and {@code TO} in a GRANT. */
    String target(String database) {
        return switch (scope) {
            case DATABASE -> "DATABASE " + Identifiers.quote(database);
            case SCHEMA -> "SCHEMA " + Identifiers.quote(schema);
            case TABLES, SEQUENCES, FUNCTIONS ->
                "ALL %s IN SCHEMA %s".formatted(scope.plural(), Identifiers.quote(schema));
            case TABLE -> "TABLE %s.%s".formatted(Identifiers.quote(schema), Identifiers.quote(object));
        };
    }

    /** As the queries and the registry have it. */
    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("role", role)
                .put("scope", scope.label())
                .put("schema", schema)
                .put("object", object)
                .put("name", name);
    }

    static Privilege of(JsonNode json) {
        return new Privilege(
                json.path("role").asText(),
                Scope.of(json.path("scope").asText()),
                json.path("schema").asText(),
                json.path("object").asText(),
                json.path("name").asText());
    }

    @Override
    public int compareTo(Privilege other) {
        return ORDER.compare(this, other);
    }
}

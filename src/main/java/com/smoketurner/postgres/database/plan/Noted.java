package com.smoketurner.postgres.database.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * A row of the registry: something that a PostgresDatabase has in the server.
 *
 * @param object what it is, in the form of its kind
 * @param resource {@code namespace/name} of the PostgresDatabase
 */
public record Noted(Kind kind, String object, String resource) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What it is. */
    public enum Kind {
        /** A role that the operator has created. */
        ROLE("role"),
        /** A role that was there and that the resource may change. */
        ADOPTED_ROLE("adopted-role"),
        /** A database that the operator has created, or is about to. */
        DATABASE("database"),
        /** A database that was there and that the resource may change. */
        ADOPTED_DATABASE("adopted-database"),
        /** A membership that the operator has granted: the array of member and group. */
        MEMBERSHIP("membership"),
        /** A privilege that the operator has granted: the object that {@link Privilege#json} makes. */
        PRIVILEGE("privilege");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        static Kind of(String label) {
            for (Kind kind : values()) {
                if (kind.label.equals(label)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("the registry has entries of kind " + label
                    + ", which this release does not know; run the release that wrote them");
        }

        /** Whether the operator made it, and may drop it. */
        boolean created() {
            return this == ROLE || this == DATABASE;
        }
    }

    static Noted membership(String role, String group, String resource) {
        return new Noted(Kind.MEMBERSHIP, write(List.of(role, group)), resource);
    }

    static Noted privilege(Privilege privilege, String resource) {
        return new Noted(Kind.PRIVILEGE, privilege.json().toString(), resource);
    }

    Privilege asPrivilege() {
        return Privilege.of(read());
    }

    /** Of a membership: the member. */
    String member() {
        return read().path(0).asText();
    }

    /** Of a membership: the role that it is a member of. */
    String group() {
        return read().path(1).asText();
    }

    /** The namespace of the resource. */
    String namespace() {
        return resource.substring(0, resource.indexOf('/'));
    }

    private JsonNode read() {
        try {
            return JSON.readTree(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the registry has an entry that is no JSON: " + object, e);
        }
    }

    private static String write(List<String> texts) {
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}

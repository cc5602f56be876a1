package com.smoketurner.postgres.database.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.postgres.Bundled;
import com.smoketurner.postgres.postgres.Literals;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** What the operator has created for a resource, and what stands in the way of dropping it. */
public record DropFacts(List<Database> databases, List<Role> roles) {

    private static final String QUERY = Bundled.query("drop-facts.sql");

    /**
     * A database.
     *
     * @param invalid a deletion of it was interrupted
     * @param others resources that have it too
     * @param obstacles replication slots, subscriptions and prepared transactions
     */
    public record Database(
            String name, boolean exists, boolean invalid, SortedSet<String> others, SortedSet<String> obstacles) {}

    /**
     * A role that exists.
     *
     * @param others resources that describe it too
     * @param owns databases in which it owns objects, or that it owns
     * @param hasPrivilegesIn databases in which it has privileges
     */
    public record Role(
            String name, SortedSet<String> others, SortedSet<String> owns, SortedSet<String> hasPrivilegesIn) {}

    /** The query, whose answer is for {@link #parse}. It writes nothing. */
    public static String query(String resource) {
        return Facts.query(QUERY, Facts.object().put("resource", resource).toString());
    }

    public static DropFacts parse(String answer) {
        JsonNode json = Facts.parse(answer);
        List<Database> databases = new ArrayList<>();
        json.path("databases")
                .forEach(database -> databases.add(new Database(
                        database.path("name").asText(),
                        database.path("exists").asBoolean(),
                        database.path("invalid").asBoolean(),
                        Facts.texts(database.path("others")),
                        Facts.texts(database.path("obstacles")))));
        List<Role> roles = new ArrayList<>();
        json.path("roles")
                .forEach(role -> roles.add(new Role(
                        role.path("name").asText(),
                        Facts.texts(role.path("others")),
                        Facts.texts(role.path("owns")),
                        Facts.texts(role.path("privileges")))));
        return new DropFacts(List.copyOf(databases), List.copyOf(roles));
    }

    /**
     * The statement after which the registry has nothing of a resource.
     *
     * @param kept roles that stay, and that stay the operator's
     */
    public static String forgetAllBut(String resource, List<String> kept) {
        return Registry.deleteAllBut(resource, kept);
    }

    /** The statement that fails when a role owns anything by now: {@code DROP OWNED} would drop it. */
    public static String assertOwnsNothing(String role) {
        return "SELECT 1 / (NOT EXISTS (SELECT FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid"
                + " WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND r.rolname = "
                + Literals.quote(role)
                + "))::int";
    }
}

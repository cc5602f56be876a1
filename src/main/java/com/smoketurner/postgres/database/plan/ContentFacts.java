package com.smoketurner.postgres.database.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.postgres.Bundled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What a database has inside of what a PostgresDatabase names.
 *
 * @param installed all extensions that it has
 * @param available of those that are wanted, what the server could install
 * @param preloaded {@code shared_preload_libraries}
 * @param otherOwners roles that own tables and that the resource does not name
 */
public record ContentFacts(
        Map<Privilege, Holding> privileges,
        SortedSet<String> installed,
        Map<String, Extension> available,
        String preloaded,
        SortedSet<String> otherOwners) {

    private static final String QUERY = Bundled.query("content-facts.sql");

    /**
     * How much of a privilege is there.
     *
     * @param roleExists whether there is such a role
     * @param schemaExists whether there is such a schema
     * @param objects how many objects it is about
     * @param lacking on how many of them the role lacks it
     * @param held on how many of them, that it does not own, the role has it
     * @param owns whether it owns any of them
     * @param others names of those on which it has the privilege and that it does not own, where it owns any
     * @param lackingDefaults roles whose future objects would lack it
     * @param heldDefaults roles whose future objects will have it
     */
    public record Holding(
            boolean roleExists,
            boolean schemaExists,
            long objects,
            long lacking,
            long held,
            boolean owns,
            List<String> others,
            List<String> lackingDefaults,
            List<String> heldDefaults) {}

    /**
     * An extension that the server could install.
     *
     * @param schema where it has to be; absent where that can be chosen
     * @param trusted whether it needs no superuser
     */
    public record Extension(Optional<String> schema, boolean trusted, SortedSet<String> requires) {}

    /**
     * The query, whose answer is for {@link #parse}. It writes nothing.
     *
     * @param privileges those that are wanted and those that are noted
     */
    public static String query(Wanted wanted, Collection<Privilege> privileges) {
        var asked = Facts.object();
        var list = asked.putArray("privileges");
        privileges.forEach(privilege -> list.add(privilege.json()));
        asked.set("extensions", Facts.array(wanted.extensions()));
        asked.set("roles", Facts.array(wanted.namedRoles()));
        return Facts.query(QUERY, asked.toString());
    }

    /**
     * The answer.
     *
     * @param asked the privileges of the query
     */
    public static ContentFacts parse(String answer, Collection<Privilege> asked) {
        JsonNode json = Facts.parse(answer);
        Map<Privilege, Holding> privileges = new TreeMap<>();
        int at = 0;
        for (Privilege privilege : asked) {
            privileges.put(privilege, holding(json.path("privileges").path(at++)));
        }
        Map<String, Extension> available = new TreeMap<>();
        json.path("available")
                .properties()
                .forEach(entry -> available.put(
                        entry.getKey(),
                        new Extension(
                                Optional.ofNullable(
                                        entry.getValue().path("schema").textValue()),
                                entry.getValue().path("trusted").asBoolean(),
                                Facts.texts(entry.getValue().path("requires")))));
        return new ContentFacts(
                privileges,
                Facts.texts(json.path("installed")),
                available,
                json.path("preloaded").asText(),
                Facts.texts(json.path("owners")));
    }

    private static Holding holding(JsonNode json) {
        return new Holding(
                json.path("grantee").asBoolean(),
                json.path("schema").asBoolean(),
                json.path("objects").asLong(),
                json.path("lacking").asLong(),
                json.path("held").asLong(),
                json.path("owns").asBoolean(),
                new ArrayList<>(Facts.texts(json.path("others"))),
                new ArrayList<>(Facts.texts(json.path("lackingDefaults"))),
                new ArrayList<>(Facts.texts(json.path("heldDefaults"))));
    }

    boolean preloads(String library) {
        return Arrays.asList(preloaded.split("[,\\s\"/]+", -1)).contains(library);
    }

    Holding of(Privilege privilege) {
        Holding holding = privileges.get(privilege);
        if (holding == null) {
            throw new IllegalArgumentException("nobody asked about " + privilege);
        }
        return holding;
    }
}

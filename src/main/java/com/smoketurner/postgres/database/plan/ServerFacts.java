package com.smoketurner.postgres.database.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.postgres.Bundled;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a server has of the roles and the database that a PostgresDatabase names.
 *
 * @param version such as 170002
 * @param replica it only replays what a primary writes
 * @param monitor whether the role that reads metrics exists
 * @param noted what the registry has of the resource, and of these roles and this database
 */
public record ServerFacts(
        int version,
        boolean replica,
        Map<String, Role> roles,
        Optional<Database> database,
        boolean monitor,
        List<Noted> noted) {

    private static final String QUERY = Bundled.query("server-facts.sql");

    /**
     * A role.
     *
     * @param verifier of its password; empty where it has none
     * @param memberOf directly
     * @param reachesPrivileged whether one that it is a member of by any number of steps is privileged
     */
    public record Role(Attributes attributes, String verifier, SortedSet<String> memberOf, boolean reachesPrivileged) {

        boolean privileged() {
            return reachesPrivileged || !attributes.privileged().isEmpty();
        }

        /** Verifiers do not belong in logs. */
        @Override
        public String toString() {
            return "Role[" + attributes + "]";
        }
    }

    /**
     * The database.
     *
     * @param locale of a provider other than the operating system; otherwise that is {@code collate}
     * @param publicConnects every role may connect
     * @param connecting roles that may connect by their own privilege
     */
    public record Database(
            String owner,
            String encoding,
            String collate,
            Optional<String> locale,
            int connectionLimit,
            boolean allowsConnections,
            boolean publicConnects,
            SortedSet<String> connecting) {

        /** As PostgreSQL leaves it after {@code ALTER DATABASE … OWNER TO}: what the former owner may, the new one may instead. */
        Database withOwner(String role) {
            SortedSet<String> left = new TreeSet<>(connecting);
            if (left.remove(owner)) {
                left.add(role);
            }
            return new Database(
                    role, encoding, collate, locale, connectionLimit, allowsConnections, publicConnects, left);
        }
    }

    /** What a resource asks a server about, for {@link #query}. */
    public static String asked(Wanted wanted) {
        var asked = Facts.object();
        asked.set("roles", Facts.array(wanted.namedRoles()));
        asked.put("database", wanted.database().name());
        asked.put("resource", wanted.resource());
        return asked.toString();
    }

    /**
     * The query, whose answer is for {@link #answers}. It writes nothing.
     *
     * @param asked what each resource asks
     */
    public static String query(List<String> asked) {
        return Facts.query(QUERY, "[" + String.join(",", asked) + "]");
    }

    /** The answer for each resource, in the order in which they asked; the same text means the same facts. */
    public static List<String> answers(String answer) {
        List<String> answers = new ArrayList<>();
        Facts.parse(answer).forEach(facts -> answers.add(facts.toString()));
        return answers;
    }

    /** The answer for one resource. */
    public static ServerFacts parse(String answer) {
        JsonNode json = Facts.parse(answer);
        Map<String, Role> roles = new TreeMap<>();
        json.path("roles").properties().forEach(role -> roles.put(role.getKey(), role(role.getValue())));
        List<Noted> noted = new ArrayList<>();
        json.path("noted")
                .forEach(row -> noted.add(new Noted(
                        Noted.Kind.of(row.path("kind").asText()),
                        row.path("object").asText(),
                        row.path("resource").asText())));
        JsonNode database = json.path("database");
        return new ServerFacts(
                json.path("version").asInt(),
                json.path("replica").asBoolean(),
                Collections.unmodifiableMap(roles),
                database.isObject() ? Optional.of(database(database)) : Optional.empty(),
                json.path("monitor").asBoolean(),
                List.copyOf(noted));
    }

    private static Role role(JsonNode json) {
        JsonNode until = json.path("validUntil");
        Optional<Instant> validUntil = until.isNumber()
                ? Optional.of(Instant.EPOCH.plus(until.asLong(), ChronoUnit.MICROS))
                : json.path("never").asBoolean() ? Optional.of(Instant.MIN) : Optional.empty();
        return new Role(
                new Attributes(
                        json.path("login").asBoolean(),
                        json.path("superuser").asBoolean(),
                        json.path("createDb").asBoolean(),
                        json.path("createRole").asBoolean(),
                        json.path("replication").asBoolean(),
                        json.path("bypassRls").asBoolean(),
                        json.path("connectionLimit").asInt(),
                        validUntil),
                json.path("verifier").asText(),
                Facts.texts(json.path("memberOf")),
                json.path("reachesPrivileged").asBoolean());
    }

    private static Database database(JsonNode json) {
        return new Database(
                json.path("owner").asText(),
                json.path("encoding").asText(),
                json.path("collate").asText(),
                Optional.ofNullable(json.path("locale").textValue()),
                json.path("connectionLimit").asInt(),
                json.path("allowConnections").asBoolean(),
                json.path("publicConnects").asBoolean(),
                Facts.texts(json.path("connecting")));
    }

    /** What the registry has of the resource itself. */
    List<Noted> ofResource(String resource) {
        return noted.stream().filter(row -> row.resource().equals(resource)).toList();
    }

    /** The entries about a role or a database, of any resource. */
    List<Noted> about(String object, Noted.Kind... kinds) {
        return noted.stream()
                .filter(row ->
                        List.of(kinds).contains(row.kind()) && row.object().equals(object))
                .toList();
    }
}

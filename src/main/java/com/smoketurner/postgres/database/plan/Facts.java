package com.smoketurner.postgres.database.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.postgres.Literals;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** How facts are asked for and answered: JSON both ways, so that no name has to be told from its surroundings. */
final class Facts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Facts() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    static ArrayNode array(Collection<String> texts) {
        ArrayNode array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    /** A query with what is asked in its place. */
    static String query(String query, String asked) {
        return query.replace("{asked}", Literals.quote(asked));
    }

    static JsonNode parse(String answer) {
        try {
            return JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the server's answer is no JSON", e);
        }
    }

    static SortedSet<String> texts(JsonNode array) {
        SortedSet<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}

package com.smoketurner.postgres.patroni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lenient reading of the JSON Patroni keeps in annotations: what is absent or odd is null. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static Optional<ObjectNode> object(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return MAPPER.readTree(text) instanceof ObjectNode node ? Optional.of(node) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The texts of a JSON array; none where there is no such array. */
    static List<String> texts(@Nullable String array) {
        if (array == null || array.isBlank()) {
            return List.of();
        }
        try {
            var texts = new ArrayList<String>();
            MAPPER.readTree(array).elements().forEachRemaining(node -> texts.add(node.asText()));
            return List.copyOf(texts);
        } catch (JsonProcessingException e) {
            return List.of();
        }
    }

    static @Nullable String text(JsonNode node, String field) {
        var value = node.get(field);
        return value == null || value.isNull() || value.isContainerNode() ? null : value.asText();
    }

    static @Nullable Long number(JsonNode node, String field) {
        return number(text(node, field));
    }

    static @Nullable Long number(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    static boolean flag(JsonNode node, String field) {
        var value = node.get(field);
        return value != null && value.asBoolean();
    }
}

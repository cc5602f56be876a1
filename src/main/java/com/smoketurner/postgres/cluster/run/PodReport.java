package com.smoketurner.postgres.cluster.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a program of a member reports in an annotation of its pod, read leniently: what is absent or malformed is null. */
record PodReport(JsonNode json) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The report in an annotation's value; empty without one, or where it is no JSON object. */
    static Optional<PodReport> parse(@Nullable String annotation) {
        if (annotation == null) {
            return Optional.empty();
        }
        try {
            JsonNode node = MAPPER.readTree(annotation);
            return node.isObject() ? Optional.of(new PodReport(node)) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    @Nullable
    String text(String field) {
        JsonNode node = json.get(field);
        return node == null || !node.isValueNode() || node.isNull() ? null : node.asText();
    }

    @Nullable
    Long whole(String field) {
        JsonNode node = json.path(field);
        return node.isIntegralNumber() ? node.asLong() : null;
    }

    boolean flag(String field) {
        return json.path(field).asBoolean(false);
    }

    int number(String field) {
        return json.path(field).asInt(0);
    }

    @Nullable
    Instant time(String field) {
        String text = text(field);
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        json.path(field).elements().forEachRemaining(node -> texts.add(node.asText()));
        return List.copyOf(texts);
    }
}

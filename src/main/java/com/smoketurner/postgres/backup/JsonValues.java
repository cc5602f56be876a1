package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Lenient reading of JSON: what is absent, null or of another kind is nothing. */
final class JsonValues {
    private JsonValues() {}

    static Optional<String> text(JsonNode node, String... path) {
        return at(node, path).filter(JsonNode::isValueNode).map(JsonNode::asText);
    }

    static Optional<Long> number(JsonNode node, String... path) {
        return at(node, path).filter(JsonNode::isIntegralNumber).map(JsonNode::longValue);
    }

    static boolean flag(JsonNode node, String... path) {
        return at(node, path).map(JsonNode::asBoolean).orElse(false);
    }

    /** The elements of an array. */
    static Stream<JsonNode> each(JsonNode node, String... path) {
        return at(node, path).filter(JsonNode::isArray).stream()
                .flatMap(array -> StreamSupport.stream(array.spliterator(), false));
    }

    /** A time in RFC 3339. */
    static Optional<Instant> time(JsonNode node, String... path) {
        return text(node, path).flatMap(JsonValues::time);
    }

    static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<JsonNode> at(JsonNode node, String... path) {
        JsonNode current = node;
        for (String name : path) {
            current = current.path(name);
        }
        return current.isMissingNode() || current.isNull() ? Optional.empty() : Optional.of(current);
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of the table of wrong specs: the object, what it was before (for an edit), and what the user is told. */
record WrongSpec(String title, @Nullable JsonNode before, JsonNode wrong, String says) {

    static List<WrongSpec> table() {
        JsonNode file = Json.yaml(resource("/api/bad-input.yaml"));
        var all = new ArrayList<WrongSpec>();
        for (JsonNode line : file.path("cases")) {
            all.add(of(line, file.path("bases").path(line.path("kind").asText()), all.size()));
        }
        return List.copyOf(all);
    }

    static String resource(String name) {
        try (InputStream in = WrongSpec.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not among the test resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WrongSpec of(JsonNode line, JsonNode base, int number) {
        ObjectNode object = base.deepCopy();
        String row = line.path("row").asText("x");
        String name = line.path("name").asText("row" + row + "-" + number);
        ((ObjectNode) object.path("metadata")).put("name", name);
        ObjectNode spec = (ObjectNode) object.path("spec");
        JsonNode before = null;
        if (line.has("before")) {
            Json.merge(spec, line.path("before"));
            before = object.deepCopy();
        }
        Json.merge(spec, line.path("spec"));
        String title = "row " + row + " " + line.path("kind").asText() + " "
                + (line.has("name") ? name : line.path("spec").toString());
        return new WrongSpec(title, before, object, line.path("says").asText());
    }

    String key() {
        return wrong.path("kind").asText() + "/" + wrong.at("/metadata/name").asText();
    }

    @Override
    public String toString() {
        return title;
    }
}

package com.smoketurner.postgres.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** JSON as the tests read it: trees, independent of the operator's model. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

    private Json() {}

    public static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }

    /** YAML, one document, as a tree. */
    public static JsonNode yaml(String text) {
        return KUBERNETES.unmarshal(text, JsonNode.class);
    }

    /** Maps, lists, strings and the client's objects as a tree. */
    public static JsonNode tree(Object value) {
        return value instanceof Map || value instanceof List
                ? MAPPER.valueToTree(value)
                : KUBERNETES.convertValue(value, JsonNode.class);
    }

    /** As a JSON merge patch does it: null removes. */
    public static void merge(ObjectNode into, JsonNode patch) {
        patch.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                into.remove(entry.getKey());
            } else if (entry.getValue() instanceof ObjectNode inner) {
                ObjectNode target =
                        into.get(entry.getKey()) instanceof ObjectNode there ? there : into.putObject(entry.getKey());
                merge(target, inner);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }

    /** An object of strings. */
    public static Map<String, String> map(JsonNode object) {
        var map = new TreeMap<String, String>();
        object.properties()
                .forEach(field -> map.put(field.getKey(), field.getValue().asText()));
        return map;
    }

    public static List<JsonNode> list(JsonNode array) {
        var list = new ArrayList<JsonNode>();
        array.forEach(list::add);
        return list;
    }

    public static List<String> texts(JsonNode array) {
        var list = new ArrayList<String>();
        array.forEach(item -> list.add(item.asText()));
        return list;
    }
}

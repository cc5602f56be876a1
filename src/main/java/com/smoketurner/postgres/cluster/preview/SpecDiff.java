package com.smoketurner.postgres.cluster.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A field in which two specs differ. Requests and limits are one field: what a change of one costs depends on the others.
 *
 * @param path from the spec to the field
 * @param from absent if it has no value
 * @param to absent if it is taken away
 */
record SpecDiff(
        List<String> path,
        @Nullable JsonNode from,
        @Nullable JsonNode to) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Of these the values are the user's own keys. */
    private static final Set<String> MAPS = Set.of("postgresqlParams", "labels");

    /** Of these the whole matters, not where in it something has changed. */
    private static final Set<String> WHOLE = Set.of("placement", "imagePullSecrets", "amounts");

    SpecDiff {
        path = List.copyOf(path);
    }

    static List<SpecDiff> between(PostgresClusterSpec live, PostgresClusterSpec next) {
        List<SpecDiff> found = new ArrayList<>();
        compare(List.of(), tree(live), tree(next), found);
        return found;
    }

    private static void compare(
            List<String> path, @Nullable JsonNode from, @Nullable JsonNode to, List<SpecDiff> found) {
        if (same(path, from, to)) {
            return;
        }
        boolean objects = (from == null || from.isObject()) && (to == null || to.isObject());
        boolean whole = !path.isEmpty() && WHOLE.contains(path.getLast());
        if (!objects || whole) {
            found.add(new SpecDiff(path, from, to));
            return;
        }
        var names = new TreeSet<String>();
        for (JsonNode side : new JsonNode[] {from, to}) {
            if (side != null) {
                side.fieldNames().forEachRemaining(names::add);
            }
        }
        for (String name : names) {
            List<String> deeper = new ArrayList<>(path);
            deeper.add(name);
            compare(deeper, child(from, name), child(to, name), found);
        }
    }

    private static boolean same(List<String> path, @Nullable JsonNode from, @Nullable JsonNode to) {
        if (from == null || to == null) {
            return SchemaDefaults.isDefault(path, from) && SchemaDefaults.isDefault(path, to);
        }
        boolean quantities = path.equals(List.of("storage", "size")) || path.equals(List.of("resources", "amounts"));
        return quantities ? amounts(from).equals(amounts(to)) : from.equals(to);
    }

    /** With each quantity as the number that it means. */
    private static JsonNode amounts(JsonNode node) {
        if (node.isObject()) {
            ObjectNode numbers = MAPPER.createObjectNode();
            node.properties().forEach(entry -> numbers.set(entry.getKey(), amounts(entry.getValue())));
            return numbers;
        }
        return TextNode.valueOf(Quantity.getAmountInBytes(Quantity.parse(node.asText()))
                .stripTrailingZeros()
                .toPlainString());
    }

    private static @Nullable JsonNode child(@Nullable JsonNode node, String name) {
        return node == null ? null : node.get(name);
    }

    /** With requests and limits gathered below one name. */
    private static ObjectNode tree(PostgresClusterSpec spec) {
        ObjectNode tree = MAPPER.valueToTree(spec);
        if (tree.get("resources") instanceof ObjectNode resources) {
            ObjectNode amounts = MAPPER.createObjectNode();
            for (String kind : List.of("limits", "requests")) {
                JsonNode value = resources.remove(kind);
                if (value != null) {
                    amounts.set(kind, value);
                }
            }
            resources.set("amounts", amounts);
        }
        return tree;
    }

    private static ObjectNode spread(ObjectNode tree) {
        if (tree.get("resources") instanceof ObjectNode resources
                && resources.remove("amounts") instanceof ObjectNode amounts) {
            resources.setAll(amounts);
        }
        return tree;
    }

    /** The cluster with this change and no other. */
    PostgresCluster in(PostgresCluster cluster) {
        ObjectNode root = tree(cluster.getSpec());
        ObjectNode node = root;
        for (String name : path.subList(0, path.size() - 1)) {
            node = node.get(name) instanceof ObjectNode object ? object : node.putObject(name);
        }
        if (to == null) {
            node.remove(path.getLast());
        } else {
            node.set(path.getLast(), to);
        }
        try {
            var changed = new PostgresCluster();
            changed.setMetadata(new ObjectMetaBuilder(cluster.getMetadata()).build());
            changed.setSpec(MAPPER.treeToValue(spread(root), PostgresClusterSpec.class));
            changed.setStatus(cluster.getStatus());
            return changed;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a spec with another %s cannot be read".formatted(field()), e);
        }
    }

    String section() {
        return path.getFirst();
    }

    boolean isOf(String... names) {
        return path.equals(List.of(names));
    }

    String field() {
        return isOf("resources", "amounts")
                ? "spec.resources"
                : "spec."
                        + String.join(MAPS.contains(section()) ? "/" : ".", path)
                                .replaceFirst("^(\\w+)/", "$1.");
    }

    @Nullable
    String before() {
        return text(from, to);
    }

    @Nullable
    String after() {
        return text(to, from);
    }

    /** Of resources what differs, as {@code requests.cpu=1 limits.cpu=2}; all else as it stands in the manifest. */
    private static @Nullable String text(@Nullable JsonNode node, @Nullable JsonNode other) {
        if (node == null || (node.isObject() && node.isEmpty())) {
            return null;
        }
        if (node.isValueNode()) {
            return node.asText();
        }
        return node.isObject()
                        && node.properties().stream().allMatch(e -> e.getValue().isObject())
                ? different(node, other)
                : node.toString();
    }

    private static @Nullable String different(JsonNode node, @Nullable JsonNode other) {
        List<String> parts = flat(node);
        parts.removeAll(other == null || !other.isObject() ? List.of() : flat(other));
        return parts.isEmpty() ? null : String.join(" ", parts);
    }

    private static List<String> flat(JsonNode node) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> kind : node.properties()) {
            kind.getValue()
                    .properties()
                    .forEach(e -> parts.add("%s.%s=%s"
                            .formatted(
                                    kind.getKey(),
                                    e.getKey(),
                                    e.getValue().isValueNode()
                                            ? e.getValue().asText()
                                            : e.getValue().toString())));
        }
        return parts;
    }
}

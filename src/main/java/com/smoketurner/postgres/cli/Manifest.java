package com.smoketurner.postgres.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The PostgresCluster of a manifest. The file may hold other objects beside it, such as its namespace and its Secrets: the plan
 * is about the one PostgresCluster alone.
 */
record Manifest(Map<String, Object> content, String file) {

    private static final String KIND = "PostgresCluster";

    private static final Pattern SEPARATOR = Pattern.compile("^---(?=\\s|$)", Pattern.MULTILINE);

    Manifest {
        content = Collections.unmodifiableMap(new TreeMap<>(content));
    }

    static Manifest of(String text, String file) {
        List<Map<String, Object>> objects = objects(text, file);
        List<Map<String, Object>> clusters = objects.stream()
                .filter(object -> KIND.equals(object.get("kind")))
                .toList();
        if (clusters.size() == 1) {
            return new Manifest(clusters.getFirst(), file).checked();
        }
        if (clusters.size() > 1) {
            throw new PlanCommand.Failure("%s contains %d PostgresClusters; put the one to plan into a file of its own"
                    .formatted(file, clusters.size()));
        }
        Object kind = objects.size() == 1 ? objects.getFirst().get("kind") : null;
        throw new PlanCommand.Failure(
                kind == null
                        ? "%s does not contain a %s".formatted(file, KIND)
                        : "%s is a %s, not a %s".formatted(file, kind, KIND));
    }

    private static List<Map<String, Object>> objects(String text, String file) {
        return SEPARATOR
                .splitAsStream(text)
                .filter(document -> !document.isBlank())
                .flatMap(document -> Stream.ofNullable(read(document, file)))
                .flatMap(Manifest::items)
                .toList();
    }

    private static @Nullable Object read(String document, String file) {
        try {
            return new KubernetesSerialization(new ObjectMapper(), false).unmarshal(document, Object.class);
        } catch (RuntimeException e) { // of the client's, of its parser's, and casts of what it takes for a resource
            throw new PlanCommand.Failure("%s is not valid YAML: %s".formatted(file, ErrorText.summary(e)));
        }
    }

    /** A document, or what is in it if it is a {@code List}. */
    private static Stream<Map<String, Object>> items(Object document) {
        if (!(document instanceof Map<?, ?> map)) {
            return Stream.of(Map.of());
        }
        if ("List".equals(map.get("kind")) && map.get("items") instanceof List<?> items) {
            return items.stream().flatMap(Manifest::items);
        }
        @SuppressWarnings("unchecked") // an object has names as keys
        var object = (Map<String, Object>) map;
        return Stream.of(object);
    }

    private Manifest checked() {
        if (name().isEmpty()) {
            throw new PlanCommand.Failure("%s has no metadata.name".formatted(file));
        }
        return this;
    }

    private String metadata(String key) {
        return content.get("metadata") instanceof Map<?, ?> metadata && metadata.get(key) instanceof String text
                ? text
                : "";
    }

    String name() {
        return metadata("name");
    }

    String namespaceOr(@Nullable String option, @Nullable String usual) {
        String own = metadata("namespace");
        if (option != null && !own.isEmpty() && !own.equals(option)) {
            throw new PlanCommand.Failure("%s is for namespace %s, not %s".formatted(file, own, option));
        }
        return !own.isEmpty() ? own : option != null ? option : usual != null ? usual : "default";
    }

    String json() {
        try {
            return new ObjectMapper().writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new PlanCommand.Failure("cannot serialize %s: %s".formatted(file, e.getOriginalMessage()));
        }
    }
}

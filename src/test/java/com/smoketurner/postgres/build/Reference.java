package com.smoketurner.postgres.build;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The reference of all fields as Markdown, out of the CRDs. */
final class Reference {
    private static final String HEAD = """
            # Reference of the custom resources

            Generated from `deploy/crds` by `make generate`; do not edit. `kubectl explain pgc.spec.storage` and the like
            show the same for the version that is installed.

            Group `postgres-operator.smoketurner.com`, version `v1alpha1`. In the tables `[]` stands for the items of a
            list and `*` for the keys of a map; **required** means that the field must be given whenever its parent is.
            Durations are numbers with `ms`, `s`, `m`, `h`, `d` or `w`, for example `2h30m`.
            """;

    /** Kubernetes' own types: their fields are described by Kubernetes. */
    private static final Set<String> CORE = Set.of(
            "affinity",
            "tolerations",
            "topologySpreadConstraints",
            "namespaceSelector",
            "podSelector",
            "imagePullSecrets");

    private final StringBuilder out = new StringBuilder(HEAD);

    private Reference() {}

    static String of(Collection<JsonNode> crds) {
        var reference = new Reference();
        crds.forEach(reference::kind);
        return reference.out.toString();
    }

    private void kind(JsonNode crd) {
        JsonNode version = crd.at("/spec/versions/0");
        JsonNode root = version.at("/schema/openAPIV3Schema");
        line("");
        line("## " + crd.at("/spec/names/kind").asText());
        line("");
        line(root.path("description").asText());
        line("");
        line("Short names: " + joined(crd.at("/spec/names/shortNames")) + ". Categories: "
                + joined(crd.at("/spec/names/categories")) + ".");
        List<String> rules = rules(root);
        if (!rules.isEmpty()) {
            line("");
            line("Rules for the object as a whole:");
            line("");
            rules.forEach(rule -> line("- " + rule));
        }
        line("");
        line("### Spec");
        table(root.at("/properties/spec"));
        line("");
        line("### Status");
        table(root.at("/properties/status"));
    }

    private void table(JsonNode schema) {
        List<String> rules = rules(schema);
        if (!rules.isEmpty()) {
            line("");
            line("Rules across its fields:");
            line("");
            rules.forEach(rule -> line("- " + rule));
        }
        line("");
        line("| Field | Type | Default | Validation | Meaning |");
        line("| --- | --- | --- | --- | --- |");
        rows("", schema);
    }

    private void rows(String prefix, JsonNode schema) {
        List<String> required = texts(schema.path("required"));
        schema.path("properties").properties().forEach(entry -> {
            JsonNode field = entry.getValue();
            String path = prefix + entry.getKey();
            var validation = new ArrayList<String>();
            if (required.contains(entry.getKey())) {
                validation.add("**required**");
            }
            validation.addAll(validation(field));
            boolean core = CORE.contains(entry.getKey());
            String meaning = field.path("description").asText() + (core ? " As in Kubernetes' own types." : "");
            line("| `" + path + "` | " + type(field) + " | "
                    + (field.has("default") ? code(field.get("default").asText()) : "") + " | "
                    + cell(String.join("; ", validation)) + " | " + cell(meaning) + " |");
            if (!core) {
                rows(path + ".", field);
                rows(path + "[].", field.path("items"));
                rows(path + ".*.", field.path("additionalProperties"));
            }
        });
    }

    private static String type(JsonNode field) {
        if (field.path("x-kubernetes-int-or-string").asBoolean()) {
            return "quantity";
        }
        if (field.has("items")) {
            return "list of " + type(field.get("items"));
        }
        if (field.has("additionalProperties")) {
            return "map of " + type(field.get("additionalProperties"));
        }
        return "date-time".equals(field.path("format").asText())
                ? "time"
                : field.path("type").asText();
    }

    private static List<String> validation(JsonNode field) {
        var all = new ArrayList<String>();
        if (field.has("enum")) {
            all.add("one of " + joined(field.get("enum")));
        }
        range(field, "minimum", "maximum", "").ifPresent(all::add);
        range(field, "minLength", "maxLength", " characters").ifPresent(all::add);
        range(field, "minItems", "maxItems", " items").ifPresent(all::add);
        range(field, "minProperties", "maxProperties", " entries").ifPresent(all::add);
        if (field.has("pattern")) {
            all.add("matches " + code(field.get("pattern").asText()));
        }
        if (field.has("x-kubernetes-list-map-keys")) {
            all.add("unique by " + joined(field.get("x-kubernetes-list-map-keys")));
        }
        if ("set".equals(field.path("x-kubernetes-list-type").asText())) {
            all.add("unique items");
        }
        all.addAll(rules(field));
        for (String inner : List.of("items", "additionalProperties")) {
            List<String> each = field.has(inner) ? validation(field.get(inner)) : List.of();
            if (!each.isEmpty()) {
                all.add((inner.equals("items") ? "each item: " : "each value: ") + String.join("; ", each));
            }
        }
        return all;
    }

    private static Optional<String> range(JsonNode field, String min, String max, String unit) {
        if (field.has(min) && field.has(max)) {
            return Optional.of(field.get(min).asText() + " to " + field.get(max).asText() + unit);
        }
        if (field.has(min)) {
            return Optional.of("at least " + field.get(min).asText() + unit);
        }
        return field.has(max) ? Optional.of("at most " + field.get(max).asText() + unit) : Optional.empty();
    }

    private static List<String> rules(JsonNode schema) {
        return StreamSupport.stream(schema.path("x-kubernetes-validations").spliterator(), false)
                .map(rule -> rule.path("message").asText())
                .toList();
    }

    private static String joined(JsonNode array) {
        return String.join(", ", texts(array).stream().map(Reference::code).toList());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}

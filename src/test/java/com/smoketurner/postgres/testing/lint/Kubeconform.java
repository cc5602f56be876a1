package com.smoketurner.postgres.testing.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** kubeconform with the schemas that an API server publishes, those of its custom resources among them. */
public final class Kubeconform {
    private final Path schemas;

    private Kubeconform(Path schemas) {
        this.schemas = schemas;
    }

    /** One object of a file and what is wrong with it; nothing is when the status says so. */
    public record Answer(String object, String status, String message) {
        public boolean valid() {
            return status.equals("statusValid");
        }
    }

    /** Writes the schemas of what these API versions have into a folder. */
    public static Kubeconform of(KubernetesClient client, Set<String> apiVersions, Path folder) throws IOException {
        for (String version : apiVersions) {
            String path = version.contains("/") ? "/openapi/v3/apis/" : "/openapi/v3/api/";
            String text = Objects.requireNonNull(client.raw(path + version), () -> "no schema of " + version);
            var document = (ObjectNode) Json.parse(text);
            var components = (ObjectNode) document.path("components");
            components.path("schemas").forEach(Kubeconform::strict);
            for (var schema : components.path("schemas").properties()) {
                for (JsonNode kind : schema.getValue().path("x-kubernetes-group-version-kind")) {
                    ObjectNode root = document.objectNode();
                    root.put("$ref", "#/components/schemas/" + schema.getKey());
                    root.set("components", components);
                    Files.writeString(folder.resolve(file(kind)), root.toString());
                }
            }
        }
        return new Kubeconform(folder);
    }

    /** As kubeconform takes an API version apart: the group is what is left of a slash, and everything without one. */
    private static String file(JsonNode kind) {
        String group = kind.path("group").asText();
        String version = kind.path("version").asText();
        return "%s-%s-%s.json"
                .formatted(
                        group.isEmpty() ? version : group,
                        version,
                        kind.path("kind").asText().toLowerCase(Locale.ROOT));
    }

    /** OpenAPI says with a word what JSON schemas say with a type; and a field that is not listed is a mistake. */
    private static void strict(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            String type = object.path("type").asText();
            if (object.path("nullable").asBoolean() && !type.isEmpty()) {
                object.putArray("type").add(type).add("null");
            }
            if (type.equals("object")
                    && object.path("properties").isObject()
                    && !object.has("additionalProperties")
                    && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
                object.put("additionalProperties", false);
            }
        }
        schema.forEach(Kubeconform::strict);
    }

    /** What it says about each object of these files. */
    public List<Answer> check(List<Path> files) {
        var argv = new ArrayList<>(
                List.of(Project.file("lab/lab", "it has the linters").toString(), "kubeconform"));
        argv.addAll(List.of("-strict", "-verbose", "-output", "json", "-schema-location"));
        argv.add(schemas + "/{{.Group}}-{{.ResourceAPIVersion}}-{{.ResourceKind}}.json");
        files.forEach(file -> argv.add(file.toString()));
        String out = Command.of(argv).run().out();
        List<Answer> answers = new ArrayList<>();
        Json.parse(out)
                .path("resources")
                .forEach(resource -> answers.add(new Answer(
                        resource.path("kind").asText() + "/"
                                + resource.path("name").asText(),
                        resource.path("status").asText(),
                        resource.path("msg").asText())));
        return answers;
    }
}

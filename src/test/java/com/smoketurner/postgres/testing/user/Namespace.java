package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.lab.Lab;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A namespace of a test, and what a user does in it. */
public record Namespace(Lab lab, KubernetesClient client, String name) {

    /** Creates one whose name starts like the test class and differs at each run. */
    public static Namespace create(Lab lab, KubernetesClient client, String prefix, Map<String, String> labels) {
        String start = prefix.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        String name = start.substring(0, Math.min(start.length(), 40)) + "-"
                + UUID.randomUUID().toString().substring(0, 5);
        make(client, name, labels);
        return new Namespace(lab, client, name);
    }

    private static void make(KubernetesClient client, String name, Map<String, String> labels) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    /** kubectl with {@code -n} of this namespace. */
    public Command.Result kubectl(String... args) {
        return kubectlReading("", args);
    }

    public Command.Result kubectlReading(String stdin, String... args) {
        var all = new ArrayList<>(List.of("-n", name));
        all.addAll(List.of(args));
        return lab.kubectl(stdin, all);
    }

    /** {@code kubectl apply -f -}, whatever comes of it. */
    public Command.Result tryApply(Manifest manifest) {
        return kubectlReading(manifest.text(), "apply", "-f", "-");
    }

    /** {@code kubectl apply -f -}, which must be accepted. */
    public void apply(String yaml) {
        kubectlReading(yaml, "apply", "-f", "-").orThrow();
    }

    /** Applies a cluster, which must be accepted. */
    public Cluster apply(Manifest manifest) {
        apply(manifest.text());
        return new Cluster(this, manifest.name());
    }

    public Cluster cluster(String cluster) {
        return new Cluster(this, cluster);
    }

    /** A value of a Secret; empty without one. */
    public String secret(String object, String key) {
        String encoded = get("secret", object).path("data").path(key).asText();
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    /** An object as JSON, or a missing node where there is none. */
    public JsonNode get(String type, String object) {
        String found = client.raw(ObjectPaths.of(type, name) + "/" + object);
        return found == null ? MissingNode.getInstance() : Json.parse(found);
    }

    /** All objects of a type with these labels. */
    public List<JsonNode> list(String type, String labels) {
        String selector = URLEncoder.encode(labels, StandardCharsets.UTF_8);
        String found = client.raw(ObjectPaths.of(type, name) + "?labelSelector=" + selector);
        JsonNode list = Json.parse(Objects.requireNonNull(found, () -> "no API for " + type));
        // A list names the kind of its items once.
        String kind = list.path("kind").asText().replaceFirst("List$", "");
        list.path("items")
                .forEach(item -> ((ObjectNode) item).put("kind", kind).set("apiVersion", list.path("apiVersion")));
        return Json.list(list.path("items"));
    }

    /** The events about an object, oldest first. */
    public List<Event> events(String kind, String object) {
        return client.v1().events().inNamespace(name).list().getItems().stream()
                .filter(e -> kind.equals(e.getInvolvedObject().getKind())
                        && object.equals(e.getInvolvedObject().getName()))
                .sorted(Comparator.comparing(e -> e.getMetadata().getCreationTimestamp()))
                .toList();
    }

    /** Deletes it with all that is in it, and creates an empty one of this name. */
    public void lose() {
        var labels = client.namespaces().withName(name).require().getMetadata().getLabels();
        delete();
        Waiting.until(
                name + " is gone",
                Waiting.LONG,
                () -> client.namespaces().withName(name).get(),
                Objects::isNull);
        make(client, name, labels);
    }

    /** Asks for its end and does not wait. */
    public void delete() {
        client.namespaces().withName(name).delete();
    }
}

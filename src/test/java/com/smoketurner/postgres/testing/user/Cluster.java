package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A PostgresCluster as its user sees it. It reads JSON, not the operator's own model: what is tested is what others
 * read.
 */
public record Cluster(Namespace namespace, String name) {

    /** One condition of the status. */
    public record Condition(String type, String status, String reason, String message, JsonNode json) {}

    public Resource<GenericKubernetesResource> resource() {
        return namespace
                .client()
                .genericKubernetesResources(Project.GROUP + "/v1alpha1", "PostgresCluster")
                .inNamespace(namespace.name())
                .withName(name);
    }

    /** The whole object, or a missing node. */
    public JsonNode json() {
        GenericKubernetesResource live = resource().get();
        return live == null ? MissingNode.getInstance() : Json.tree(live);
    }

    public JsonNode status() {
        return json().path("status");
    }

    public String phase() {
        return status().path("phase").asText("");
    }

    public @Nullable Condition condition(String type) {
        return condition(json(), type);
    }

    /** The condition of this type in an object. */
    static @Nullable Condition condition(JsonNode object, String type) {
        for (JsonNode c : object.at("/status/conditions")) {
            if (type.equals(c.path("type").asText())) {
                return new Condition(
                        type,
                        c.path("status").asText(),
                        c.path("reason").asText(),
                        c.path("message").asText(),
                        c);
            }
        }
        return null;
    }

    public Cluster awaitPhase(String... phases) {
        return awaitPhase(Waiting.LONG, phases);
    }

    /** Waits for a phase. Running counts for the spec as it is now, not for the one before the last change. */
    public Cluster awaitPhase(Duration limit, String... phases) {
        var wanted = List.of(phases);
        Waiting.until(name + " is " + String.join(" or ", phases), limit, this::json, json -> {
            String phase = json.at("/status/phase").asText();
            return wanted.contains(phase) && (!phase.equals("Running") || observed(json));
        });
        return this;
    }

    private static boolean observed(JsonNode json) {
        return json.at("/status/observedGeneration").asLong()
                == json.at("/metadata/generation").asLong();
    }

    /** Waits until a condition has this status and this reason; returns it. */
    public Condition awaitCondition(String type, String status, String reason) {
        Condition found = Waiting.until(
                name + " has condition " + type + "=" + status + " " + reason,
                Waiting.LONG,
                () -> condition(type),
                c -> c != null && c.status().equals(status) && c.reason().equals(reason));
        return Objects.requireNonNull(found);
    }

    /** Waits until the object is gone. */
    public void awaitGone(Duration limit) {
        Waiting.until(name + " is gone", limit, this::json, JsonNode::isMissingNode);
    }

    /** The primary that the status names. */
    public String primary() {
        // None is shown while a pod that was lost is coming back.
        return Waiting.until(
                name + " has a primary",
                Waiting.LONG,
                () -> status().path("primaryPod").asText(""),
                pod -> !pod.isEmpty());
    }

    /** Waits for a primary in the status other than this one, and returns its name. */
    public String awaitPrimaryOtherThan(String old) {
        return Waiting.until(
                name + " has a primary other than " + old,
                Waiting.LONG,
                this::primary,
                p -> !p.isEmpty() && !p.equals(old));
    }

    public Map<String, String> selector() {
        return Map.of(Project.GROUP + "/cluster", name, "app.kubernetes.io/component", "postgresql");
    }

    /** The PostgreSQL pods in the order of their ordinals. */
    public List<Pod> pods() {
        return namespace.client().pods().inNamespace(namespace.name()).withLabels(selector()).list().getItems().stream()
                .sorted(Comparator.comparing(p -> p.getMetadata().getName()))
                .toList();
    }

    /** Those but the primary that the status names. */
    public List<Pod> replicas() {
        String primary = primary();
        return pods().stream()
                .filter(pod -> !pod.getMetadata().getName().equals(primary))
                .toList();
    }

    public List<Event> events() {
        return namespace.events("PostgresCluster", name);
    }

    /** How often something was reported; a series counts with its repetitions. */
    public int eventCount(String reason) {
        return events().stream()
                .filter(e -> reason.equals(e.getReason()))
                .mapToInt(e -> {
                    if (e.getSeries() != null && e.getSeries().getCount() != null) {
                        return e.getSeries().getCount();
                    }
                    return e.getCount() == null ? 1 : Math.max(1, e.getCount());
                })
                .sum();
    }

    public Event awaitEvent(String reason) {
        return Waiting.until(
                        name + " has event " + reason,
                        Waiting.SHORT,
                        this::events,
                        list -> list.stream().anyMatch(e -> reason.equals(e.getReason())))
                .stream()
                .filter(e -> reason.equals(e.getReason()))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** Runs a program in the container of PostgreSQL. */
    public Command.Result exec(String pod, String... argv) {
        return Exec.run(namespace.client(), namespace.name(), pod, "postgres", argv);
    }

    /** SQL as user postgres in a pod; columns separated by |, no header. */
    public String sql(String pod, String statement) {
        return exec(pod, "psql", "-U", "postgres", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement)
                .orThrow()
                .strip();
    }

    public void patch(String mergePatch) {
        namespace
                .kubectl("patch", "pgc", name, "--type", "merge", "-p", mergePatch)
                .orThrow();
    }

    /** How the containers of each member are: different after a restart of any. */
    public List<String> containers() {
        return pods().stream()
                .map(pod -> pod.getStatus().getContainerStatuses().toString())
                .toList();
    }

    /** A key of the credentials Secret in clear. */
    public String credential(String key) {
        return namespace.secret(name + "-credentials", key);
    }
}

package com.smoketurner.postgres.testing.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.user.Cluster.Condition;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** PostgresDatabases as their user sees them. */
public record Databases(Namespace namespace) {

    public JsonNode json(String name) {
        return namespace.get("postgresdatabase", name);
    }

    /** Waits for a phase that counts for the present spec. */
    public JsonNode awaitPhase(String name, String phase) {
        return Waiting.until(
                name + " is " + phase,
                Waiting.LONG,
                () -> json(name),
                json -> phase.equals(json.at("/status/phase").asText())
                        && (phase.equals("Pending")
                                || json.at("/status/observedGeneration").asLong()
                                        == json.at("/metadata/generation").asLong()));
    }

    public @Nullable Condition condition(String name, String type) {
        return Cluster.condition(json(name), type);
    }

    /** Waits until a condition has this status and this reason; returns it. */
    public Condition awaitCondition(String name, String type, String status, String reason) {
        return Objects.requireNonNull(Waiting.until(
                "%s has condition %s=%s %s".formatted(name, type, status, reason),
                Waiting.LONG,
                () -> condition(name, type),
                c -> c != null && c.status().equals(status) && c.reason().equals(reason)));
    }

    public void patch(String name, String mergePatch) {
        namespace
                .kubectl("patch", "pgdb", name, "--type", "merge", "-p", mergePatch)
                .orThrow();
    }
}

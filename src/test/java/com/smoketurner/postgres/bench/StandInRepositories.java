package com.smoketurner.postgres.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A STAND-IN for the program {@code backup} in pods that are not there: it keeps in memory whose a repository is and which backups
 * it has, and each backup is done at once. What it is good for is how often the operator asks and when it starts what is due.
 */
final class StandInRepositories implements ExecServer.Programs {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final long SIZE = 25_000_000;

    private final KubernetesClient client;
    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();
    private final Queue<Instant> listings = new ConcurrentLinkedQueue<>();
    private final Queue<Instant> starts = new ConcurrentLinkedQueue<>();

    private static final class Repository {
        private @Nullable JsonNode owner;
        private final List<Map<String, Object>> backups = new ArrayList<>();
    }

    StandInRepositories(KubernetesClient client) {
        this.client = client;
    }

    /** How many listings the operator asked for since then. */
    long listingsSince(Instant time) {
        return listings.stream().filter(listing -> listing.isAfter(time)).count();
    }

    /** When backups were started, since then. */
    List<Instant> startsSince(Instant time) {
        return starts.stream().filter(start -> start.isAfter(time)).sorted().toList();
    }

    @Override
    public boolean has(List<String> command) {
        return command.getFirst().equals("backup");
    }

    @Override
    public boolean reads(List<String> command) {
        return command.get(1).equals("claim");
    }

    @Override
    public String run(String namespace, String pod, List<String> command, String input) {
        // One member's pod stands for its cluster: all have the same repository.
        String cluster = namespace + "/" + pod.replaceFirst("-\\d+$", "");
        Repository repository = repositories.computeIfAbsent(cluster, key -> new Repository());
        synchronized (repository) {
            return switch (command.get(1)) {
                case "claim" -> {
                    repository.owner = Json.parse(input);
                    yield "";
                }
                case "list" -> {
                    listings.add(Instant.now());
                    yield listing(repository);
                }
                case "start" -> {
                    start(repository, namespace, pod, option(command, "--id"), option(command, "--type"));
                    yield "";
                }
                default -> throw new IllegalArgumentException(command.toString());
            };
        }
    }

    private static String option(List<String> command, String name) {
        return command.get(command.indexOf(name) + 1);
    }

    private static String listing(Repository repository) {
        Map<String, Object> ok = Map.of("code", 0, "message", "ok");
        Map<String, Object> stanza = Map.of(
                "name",
                "main",
                "backup",
                repository.backups,
                "db",
                List.of(Map.of("id", 1, "repo-key", 1, "system-id", 7713612556874395680L, "version", "16")),
                "repo",
                List.of(Map.of("key", 1, "status", ok)),
                "status",
                ok);
        ObjectNode listing = (ObjectNode) Json.tree(Map.of(
                "engine",
                "pgbackrest",
                "backups",
                List.of(stanza),
                "histories",
                Map.of(),
                "archive",
                Map.of("1", Map.of("min", "000000010000000000000001", "max", "0000000100000000000000FF"))));
        listing.set("owner", repository.owner);
        return listing.toString();
    }

    private void start(Repository repository, String namespace, String pod, String id, String type) {
        Instant now = Instant.now();
        starts.add(now);
        int number = repository.backups.size() + 1;
        String segment = "0000000100000000000000%02X".formatted(number + 1);
        repository.backups.add(Map.of(
                "annotation",
                        Map.of(
                                "cluster",
                                Objects.requireNonNull(repository.owner)
                                        .path("uid")
                                        .asText(),
                                "id",
                                id),
                "archive", Map.of("start", segment, "stop", segment),
                "database", Map.of("id", 1, "repo-key", 1),
                "error", false,
                "info", Map.of("size", SIZE, "delta", SIZE, "repository", Map.of("delta", SIZE)),
                "label", "20261130-%06dF".formatted(number),
                "lsn", Map.of("start", "0/%X000028".formatted(number + 1), "stop", "0/%X000100".formatted(number + 1)),
                "timestamp", Map.of("start", now.getEpochSecond(), "stop", now.getEpochSecond()),
                "type", "full"));
        var report = Map.of(
                "id", id, "type", type, "state", "succeeded", "startedAt", now.toString(), "endedAt", now.toString());
        client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .patch(
                        MERGE,
                        Json.tree(Map.of(
                                        "metadata",
                                        Map.of(
                                                "annotations",
                                                Map.of(
                                                        Project.GROUP + "/backup-job",
                                                        Json.tree(report).toString()))))
                                .toString());
    }
}

package com.smoketurner.postgres.cluster.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.PodExec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an upgrade to another major version would do, by the same checks that it begins with. They run on the primary and stop nothing.
 *
 * @param problems what stands in its way
 * @param warnings what does not survive it
 * @param copies how the files get into the new data directory
 */
record UpgradeCheck(List<String> problems, List<String> warnings, String copies) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** pg_upgrade looks at each table of each database. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    UpgradeCheck {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /**
     * Asks the primary.
     *
     * @throws ChangeObserver.Unanswered if it does not answer
     */
    static UpgradeCheck of(PodExec exec, ClusterView next, Member primary) {
        try {
            PodExec.Result result = exec.run(
                    next.namespace(),
                    primary.name(),
                    Member.CONTAINER,
                    "",
                    TIMEOUT,
                    "upgrade",
                    "preview",
                    next.spec().version());
            if (!result.succeeded()) {
                throw new ChangeObserver.Unanswered("%s cannot check the upgrade now: %s"
                        .formatted(primary.name(), result.error().strip()));
            }
            JsonNode answer = JSON.readTree(result.output());
            boolean replicas = next.observed().members().size() > 1;
            List<String> problems = texts(answer.path("problems"));
            boolean copies =
                    answer.path("clones").asBoolean() || answer.path("copies").asBoolean();
            if (problems.isEmpty() && !replicas && !copies) {
                problems.add("a second copy of the data does not fit on the volume, and no replica has one");
            }
            return new UpgradeCheck(
                    problems,
                    texts(answer.path("warnings")),
                    answer.path("clones").asBoolean()
                            ? "clones of the files, so that the former data stays as it is"
                            : replicas
                                    ? "links to the files; the replicas keep the former data"
                                    : "a copy of the files, so that the former data stays as it is");
        } catch (KubernetesClientException | JsonProcessingException e) {
            throw new ChangeObserver.Unanswered(
                    "%s cannot check the upgrade now: %s".formatted(primary.name(), e.getMessage()));
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    Optional<String> refusal() {
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", problems));
    }

    /** What is done, in order. */
    List<String> steps(ClusterView next, Member primary) {
        List<String> steps = new ArrayList<>();
        if (next.spec().walArchived()) {
            steps.add("take a base backup, if there is none that is younger than an hour");
        }
        steps.add(
                "pause Patroni, hold back clients of the poolers, stop the server of %s: nobody can write from here on"
                        .formatted(primary.name()));
        steps.add("convert its data with " + copies
                + "; start the new server where nobody else reaches it, and look at it");
        steps.add("open PostgreSQL %s on %s: no way back from here on, and everybody can write again"
                .formatted(next.spec().version(), primary.name()));
        next.observed().members().stream()
                .filter(member -> !member.name().equals(primary.name()))
                .map(member -> "copy %s from %s".formatted(member.name(), primary.name()))
                .forEach(steps::add);
        warnings.forEach(warning -> steps.add("note: " + warning));
        return List.copyOf(steps);
    }
}

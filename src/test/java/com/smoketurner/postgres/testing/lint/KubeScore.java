package com.smoketurner.postgres.testing.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** kube-score, which compares manifests with what is recommended for Kubernetes in general. */
public final class KubeScore {
    private static final int ALL_WELL = 10;

    private KubeScore() {}

    /** A recommendation that an object does not follow. */
    public record Finding(String check, String object, String message) {}

    /** All checks of it that the objects of these files do not pass, which it has to see together. */
    public static List<Finding> findings(List<Path> files) {
        var argv = new ArrayList<>(
                List.of(Project.file("lab/lab", "it has the linters").toString(), "kube-score", "score"));
        argv.addAll(List.of("--kubernetes-version", "v1.34", "--output-format", "json"));
        argv.addAll(List.of("--enable-optional-test", "container-seccomp-profile"));
        argv.addAll(List.of("--enable-optional-test", "container-ports-check"));
        files.forEach(file -> argv.add(file.toString()));
        // It ends with 1 when it found something.
        String out = Command.of(argv).run().out();
        List<Finding> findings = new ArrayList<>();
        Json.parse(out)
                .forEach(object -> object.path("checks").forEach(check -> {
                    if (!check.path("skipped").asBoolean()
                            && check.path("grade").asInt() < ALL_WELL) {
                        findings.add(new Finding(check.at("/check/id").asText(), name(object), comments(check)));
                    }
                }));
        return findings;
    }

    private static String name(JsonNode object) {
        return object.at("/type_meta/kind").asText() + "/"
                + object.at("/object_meta/name").asText();
    }

    private static String comments(JsonNode check) {
        List<String> texts = new ArrayList<>();
        check.path("comments")
                .forEach(comment -> texts.add((comment.path("path").asText() + " "
                                + comment.path("summary").asText())
                        .strip()));
        return String.join("; ", texts);
    }
}

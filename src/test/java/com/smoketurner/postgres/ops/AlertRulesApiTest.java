package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped alerts, judged by promtool, which the lab has: each fires for what it is about and for nothing else. */
class AlertRulesApiTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final Path tests = Project.file("src/test/resources/promtool/alerts.yaml", "it tests the alerts");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @BeforeEach
    void rules() throws IOException {
        JsonNode shipped = YAML.readTree(Project.file("deploy/monitoring/prometheus-rules.yaml", "it is shipped")
                .toFile());
        YAML.writeValue(folder.resolve("shipped.yaml").toFile(), shipped.path("spec"));
        // Their words are not compared.
        alerts(shipped).forEach(rule -> ((ObjectNode) rule).remove("annotations"));
        YAML.writeValue(folder.resolve("rules.yaml").toFile(), shipped.path("spec"));
        Files.copy(tests, folder.resolve("alerts.yaml"));
    }

    private static List<JsonNode> alerts(JsonNode shipped) {
        List<JsonNode> rules = new ArrayList<>();
        shipped.at("/spec/groups").forEach(group -> group.path("rules").forEach(rules::add));
        return rules;
    }

    private String promtool(String... arguments) {
        var argv = new ArrayList<>(
                List.of(Project.file("lab/lab", "it has promtool").toString(), "promtool"));
        argv.addAll(List.of(arguments));
        return Command.of(argv).run().orThrow();
    }

    @Test
    void allAreValid() {
        assertThat(promtool("check", "rules", folder.resolve("shipped.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void eachFiresForWhatItIsAboutAndForNothingElse() throws IOException {
        List<String> tested = new ArrayList<>();
        YAML.readTree(tests.toFile())
                .path("tests")
                .forEach(test -> tested.add(test.path("name").asText()));
        assertThat(alerts(YAML.readTree(Project.file("deploy/monitoring/prometheus-rules.yaml", "it is shipped")
                        .toFile())))
                .extracting(rule -> rule.path("alert").asText())
                .containsExactlyElementsOf(tested);
        assertThat(promtool("test", "rules", folder.resolve("alerts.yaml").toString()))
                .contains("SUCCESS");
    }
}

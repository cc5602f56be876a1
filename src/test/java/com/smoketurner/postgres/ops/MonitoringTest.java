package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The shipped monitoring files fit the model and each other. */
class MonitoringTest {
    private static JsonNode yaml(String file) throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(Project.file("deploy/monitoring/" + file, "it is shipped")));
    }

    private static String[] phases() {
        return Stream.of(ClusterPhase.values()).map(ClusterPhase::label).toArray(String[]::new);
    }

    @Test
    void everyPhaseIsReportedByBothWays() throws IOException {
        assertThat(ClusterMetrics.PHASES).containsExactlyInAnyOrder(phases());
        JsonNode resource = yaml("kube-state-metrics.yaml").at("/spec/resources/0");
        assertThat(resource.at("/metrics/0/each/stateSet/list"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(phases());
        assertThat(resource.path("metricNamePrefix").asText() + "_"
                        + resource.at("/metrics/0/name").asText())
                .isEqualTo("kube_customresource_postgrescluster_status_phase");
    }

    @Test
    void theAlertsAskForPhasesThatExist() throws IOException {
        JsonNode rules = yaml("prometheus-rules.yaml").at("/spec/groups/0/rules");
        assertThat(rules)
                .extracting(rule ->
                        rule.path("alert").asText() + " " + rule.path("for").asText() + " "
                                + rule.at("/labels/severity").asText())
                .containsExactly("PostgresClusterDegraded 5m warning", "PostgresClusterFailed 1m critical");
        assertThat(rules).allSatisfy(rule -> {
            String phase = rule.path("expr").asText().replaceFirst(".*phase=\"([^\"]*)\".*", "$1");
            assertThat(phases()).contains(phase);
        });
    }
}

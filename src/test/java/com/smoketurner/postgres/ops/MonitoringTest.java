package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
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
                .containsExactly(
                        "PostgresClusterDegraded 5m warning",
                        "PostgresClusterFailed 1m critical",
                        "PostgresWalNotArchived 15m critical",
                        "PostgresBackupUnhealthy 1h warning",
                        "PostgresBackupOverdue 15m warning");
        assertThat(expressions(rules).filter(text -> text.contains("phase=")))
                .hasSize(2)
                .allSatisfy(text -> assertThat(phases()).contains(text.replaceFirst(".*phase=\"([^\"]*)\".*", "$1")));
    }

    private static Stream<String> expressions(JsonNode rules) {
        return StreamSupport.stream(rules.spliterator(), false)
                .map(rule -> rule.path("expr").asText());
    }

    @Test
    void theAlertsOnBackupsUseMetricsThatExist() throws IOException {
        var registry = new SimpleMeterRegistry();
        new ClusterMetrics(registry).backups("ns", "orders", new ClusterMetrics.Backups(1L, true, true, false));
        List<String> published = registry.getMeters().stream()
                .map(meter -> meter.getId().getName().replace('.', '_'))
                .toList();
        JsonNode rules = yaml("prometheus-rules.yaml").at("/spec/groups/0/rules");
        List<String> used = expressions(rules)
                .flatMap(text -> Pattern.compile("postgres_operator_\\w+")
                        .matcher(text)
                        .results()
                        .map(MatchResult::group))
                .toList();
        assertThat(used).hasSize(4).allMatch(published::contains);
    }

    private static ClusterMetrics.Backups backups(String conditions) {
        return Wiring.backups(Serialization.unmarshal(
                "{\"backup\": {\"walArchivingHealthy\": true, \"lastBackupTime\": \"1970-01-01T00:01:00Z\"}, \"conditions\": [%s]}"
                        .formatted(conditions),
                PostgresClusterStatus.class));
    }

    @Test
    void theMetricsOfBackupsFollowTheCondition() {
        String condition =
                "{\"type\": \"BackupHealthy\", \"status\": \"%s\", \"reason\": \"%s\", \"message\": \"\", \"lastTransitionTime\": \"2026-03-01T12:00:00Z\"}";
        assertThat(backups(condition.formatted("True", "BackupsHealthy")))
                .isEqualTo(new ClusterMetrics.Backups(60L, true, true, false));
        assertThat(backups(condition.formatted("False", "BackupOverdue")))
                .isEqualTo(new ClusterMetrics.Backups(60L, true, false, true));
        assertThat(backups(condition.formatted("False", "BackupNotConfigured")))
                .isEqualTo(new ClusterMetrics.Backups(60L, true, null, null));
    }
}

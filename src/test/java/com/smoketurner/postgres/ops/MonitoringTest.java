package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    void alertsNameStatesThatExist() throws IOException {
        String all = String.join("\n", expressions());
        assertThat(values(all, "phase=~?\"([^\"]*)\"")).isNotEmpty().allMatch(List.of(phases())::contains);
        assertThat(values(all, "type=\"([^\"]*)\""))
                .isNotEmpty()
                .allMatch(type -> Stream.of(ConditionType.values())
                        .map(ConditionType::label)
                        .anyMatch(type::equals));
    }

    /** What an exporter tells is compared with a real one, end to end. */
    @Test
    void alertsAndDashboardsUseMetricsThatExist() throws IOException {
        Set<String> known = published();
        for (JsonNode metric : yaml("kube-state-metrics.yaml").at("/spec/resources/0/metrics")) {
            known.add(
                    "kube_customresource_postgrescluster_" + metric.path("name").asText());
        }
        for (String file : List.of("prometheus-rules.yaml", "grafana-cluster.json", "grafana-operator.json")) {
            String text = Files.readString(Project.file("deploy/monitoring/" + file, "it is shipped"));
            // Not the uid of a dashboard, nor the names in comments.
            assertThat(values(text, "\\b((?:postgres_operator|kube_customresource)_\\w*[a-z])\\b(?![*-])"))
                    .as(file)
                    .isNotEmpty()
                    .allMatch(known::contains, "is published");
        }
    }

    @Test
    void everyAlertIsDocumentedWithItsSeverity() throws IOException {
        List<String> shipped = new ArrayList<>();
        yaml("prometheus-rules.yaml")
                .at("/spec/groups")
                .forEach(group -> group.path("rules")
                        .forEach(rule -> shipped.add("| `%s` | %s |"
                                .formatted(
                                        rule.path("alert").asText(),
                                        rule.at("/labels/severity").asText()))));
        assertThat(Files.readString(Project.file("docs/metrics.md", "it documents them"))
                        .lines()
                        .filter(line -> line.startsWith("| `Postgres"))
                        .map(line -> line.replaceFirst("(\\| `\\w+` \\| \\w+ \\|).*", "$1")))
                .containsExactlyElementsOf(shipped);
    }

    private static Set<String> published() {
        var registry = new SimpleMeterRegistry();
        var clusters = new ClusterMetrics(registry);
        clusters.update("ns", "orders", "Running", 1, 1);
        clusters.lag("ns", "orders", Map.of("orders-1", 0L));
        clusters.backups("ns", "orders", new ClusterMetrics.Backups(1L, true, true, false));
        clusters.verification("ns", "orders", 1L, 1L);
        clusters.certificate("ns", "orders", 1L);
        Set<String> names = new TreeSet<>(Set.of(
                ReconcileMetrics.RECONCILIATIONS,
                ReconcileMetrics.ERRORS,
                ReconcileMetrics.DURATION + "_seconds_bucket",
                "postgres_operator_leader"));
        registry.getMeters().forEach(meter -> names.add(meter.getId().getName().replace('.', '_')));
        return names;
    }

    private static List<String> expressions() throws IOException {
        return StreamSupport.stream(
                        yaml("prometheus-rules.yaml").at("/spec/groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
                .map(rule -> rule.path("expr").asText())
                .toList();
    }

    private static Set<String> values(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .flatMap(match -> Stream.of(match.group(1).split("\\|")))
                .collect(Collectors.toCollection(TreeSet::new));
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

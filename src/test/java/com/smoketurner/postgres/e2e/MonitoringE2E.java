package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Resources;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is shipped for monitoring, in a real Prometheus beside a real kube-state-metrics. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MonitoringE2E {
    private static final String NAME = "watched";

    /** They come with a restore test, which is a test of its own. */
    private static final Set<String> RESTORE_TESTS =
            Set.of("postgres_operator_cluster_backup_last_verified_timestamp_seconds");

    private final Namespace ns;
    private final Cluster cluster;

    MonitoringE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() throws IOException {
        ns.lab()
                .load(Path.of(Command.of(List.of(
                                Project.file("lab/lab", "it has the image").toString(), "image", "prometheus"))
                        .run()
                        .orThrow()
                        .strip()));
        ObjectStore.prepare(ns);
        ns.apply(Manifest.cluster(NAME)
                .replicas(2)
                .spec("metrics", Map.of("enabled", true))
                .spec("backup", ObjectStore.backup(Backups.NEVER)));
        ns.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("monitoring")
                        .withNamespace(ns.name())
                        .endMetadata()
                        .addToData("kube-state-metrics.yaml", shipped("kube-state-metrics.yaml"))
                        .addToData(
                                "rules.yaml",
                                Json.yaml(shipped("prometheus-rules.yaml"))
                                        .path("spec")
                                        .toString())
                        .addToData(
                                "prometheus.yaml",
                                Resources.text("/e2e/prometheus.yaml").formatted(ns.name()))
                        .build())
                .create();
        ns.apply(Resources.text("/e2e/monitoring.yaml").formatted(ns.name()));
        ClientPod.start(ns, "browser");
        cluster.awaitPhase("Running");
        new Backups(cluster).take("one");
    }

    @AfterAll
    void removeWhatIsInNoNamespace() {
        ns.kubectl("delete", "clusterrole,clusterrolebinding", "monitoring-" + ns.name());
    }

    private static String shipped(String file) throws IOException {
        return Files.readString(Project.file("deploy/monitoring/" + file, "it is shipped"));
    }

    private JsonNode prometheus(String path, String parameter, String value) {
        Command.Result result = new ClientPod(ns, "browser").exec("python3", "-c", """
                        import sys, urllib.parse, urllib.request
                        query = urllib.parse.urlencode({sys.argv[2]: sys.argv[3]})
                        print(urllib.request.urlopen("http://prometheus:9090/api/v1/%s?%s" % (sys.argv[1], query), timeout=10).read().decode())
                        """, path, parameter, value);
        return result.ok() ? Json.parse(result.out()).path("data") : Json.parse("{}");
    }

    private JsonNode awaitResult(String query) {
        return Waiting.until(
                "Prometheus answers to " + query,
                Waiting.LONG,
                () -> prometheus("query", "query", query).path("result"),
                result -> !result.isEmpty() && !result.at("/0/value/1").asText().equals("NaN"));
    }

    @Test
    @Order(1)
    @Acceptance(200)
    void theGuidesQueriesHaveAnswers() {
        awaitResult("rate(postgres_operator_reconciliations[5m])");
        awaitResult("rate(postgres_operator_reconciliation_errors[5m])");
        awaitResult("histogram_quantile(0.99, rate(postgres_operator_reconcile_duration_seconds_bucket[5m]))");
    }

    @Test
    @Order(2)
    void everyMetricOfAlertsDashboardsAndDocumentationExists() throws IOException {
        String texts = Stream.of("prometheus-rules.yaml", "grafana-cluster.json", "grafana-operator.json")
                        .map(file -> {
                            try {
                                return shipped(file);
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .collect(Collectors.joining())
                + Files.readString(Project.file("docs/metrics.md", "it names metrics"))
                        .lines()
                        .filter(line -> !line.startsWith("| `") && !line.startsWith("- "))
                        .collect(Collectors.joining("\n"));
        Set<String> named = Pattern.compile(
                        "\\b(pg|postgres_operator|kube_customresource)_\\w*[a-z]\\b(?=\\{| [=<>!-]|\\[|\\)|\")")
                .matcher(texts)
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(RESTORE_TESTS);
        assertThat(named).hasSizeGreaterThan(20);
        Waiting.until(
                "Prometheus has all of " + named,
                Waiting.LONG,
                () -> {
                    Set<String> missing = new TreeSet<>(named);
                    prometheus("label/__name__/values", "limit", "0").forEach(name -> missing.remove(name.asText()));
                    return missing;
                },
                Set::isEmpty);
    }

    /** Whether an alert fires after its time is tested by promtool; here it is that the facts reach it. */
    @Test
    @Order(3)
    @Acceptance(201)
    void theGuidesAlertsAreRaised() {
        assertThat(prometheus("query", "query", "ALERTS{name=\"%s\",severity=\"critical\"}".formatted(NAME))
                        .path("result"))
                .isEmpty();
        ns.apply(Manifest.cluster("broken")
                .spec("backup", ObjectStore.backup(Backups.NEVER))
                .with("absent", "spec", "backup", "destination", "credentialsSecret"));
        List<Pod> replica = cluster.replicas();
        replica.forEach(pod -> ns.lab().signal("STOP", pod, "postgres"));
        try {
            assertThat(awaitResult("ALERTS{alertname=\"PostgresClusterDegraded\",name=\"%s\"}".formatted(NAME))
                            .at("/0/metric/namespace")
                            .asText())
                    .isEqualTo(ns.name());
            assertThat(awaitResult(
                            "kube_customresource_postgrescluster_status_phase{phase=\"Degraded\",name=\"%s\"} == 1"
                                    .formatted(NAME)))
                    .hasSize(1);
        } finally {
            replica.forEach(pod -> ns.lab().signal("CONT", pod, "postgres"));
        }
        awaitResult("ALERTS{alertname=\"PostgresClusterFailed\",name=\"broken\",alertstate=\"firing\"}");
        awaitResult("ALERTS{alertname=\"PostgresChangeRefused\",name=\"broken\"}");
    }
}

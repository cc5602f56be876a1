package com.smoketurner.postgres.ops;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.testing.Acceptance;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The application as it is put together, without an API server. */
@QuarkusTest
@SuppressWarnings("NullAway") // The fields are injected.
class WiringQuarkusTest {
    @TestHTTPResource(value = "/", management = true)
    URL management;

    @Inject
    ReconcileMetrics reconciliations;

    @Inject
    ClusterMetrics clusters;

    @Inject
    OperatorConfig config;

    @Inject
    OperatorLifecycle lifecycle;

    @Inject
    @All
    List<Remembers> memories;

    @BeforeEach
    void address() {
        RestAssured.baseURI = management.toString();
    }

    private static String metrics() {
        return given().accept("text/plain")
                .get("metrics")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    @Acceptance(200)
    void metricsHaveTheirPublishedNames() {
        reconciliations.record("PostgresCluster", "team", Duration.ofMillis(3), true);
        clusters.update("team", "wiring", "Running", 3, 2);
        clusters.lag("team", "wiring", Map.of("wiring-1", 42L));
        assertThat(series(metrics()))
                .contains(
                        "postgres_operator_reconciliations{kind=\"PostgresCluster\",namespace=\"team\"}",
                        "postgres_operator_reconciliations_total{kind=\"PostgresCluster\",namespace=\"team\"}",
                        "postgres_operator_reconciliation_errors{kind=\"PostgresCluster\",namespace=\"team\"}",
                        "postgres_operator_reconciliation_errors_total{kind=\"PostgresCluster\",namespace=\"team\"}",
                        "postgres_operator_reconcile_duration_seconds_sum{kind=\"PostgresCluster\"}",
                        "postgres_operator_reconcile_duration_seconds_count{kind=\"PostgresCluster\"}",
                        "postgres_operator_clusters_total{phase=\"Failed\"}",
                        "postgres_operator_cluster_phase{name=\"wiring\",namespace=\"team\",phase=\"Running\"}",
                        "postgres_operator_cluster_replicas_desired{name=\"wiring\",namespace=\"team\"}",
                        "postgres_operator_cluster_replicas_ready{name=\"wiring\",namespace=\"team\"}",
                        "postgres_operator_cluster_failovers{name=\"wiring\",namespace=\"team\"}",
                        "postgres_operator_cluster_failovers_total{name=\"wiring\",namespace=\"team\"}",
                        "postgres_operator_cluster_replication_lag_bytes{name=\"wiring\",namespace=\"team\",pod=\"wiring-1\"}",
                        "postgres_operator_leader");

        clusters.remove("team", "wiring");
        assertThat(metrics()).doesNotContain("wiring");
    }

    @Test
    @Acceptance(200)
    void theHistogramHasItsFifteenBounds() {
        reconciliations.record("PostgresCluster", "team", Duration.ofMillis(3), false);
        List<String> bounds = series(metrics()).stream()
                .filter(name -> name.startsWith("postgres_operator_reconcile_duration_seconds_bucket{"))
                .map(name -> name.replaceFirst(".*le=\"([^\"]*)\".*", "$1"))
                .toList();
        List<String> expected = new ArrayList<>(IntStream.range(0, 15)
                .mapToObj(power -> Double.toString((1 << power) / 1000.0))
                .toList());
        expected.add("+Inf");
        assertThat(bounds).containsExactlyElementsOf(expected);
    }

    /** Name and labels of each series, the labels in alphabetical order. */
    private static List<String> series(String exposition) {
        return exposition
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')).replace(",}", "}"))
                .toList();
    }

    /** All that ArchitectureTest admits: each is forgotten when its cluster is deleted. */
    @Test
    void everyMemoryIsKnownToTheDeletion() {
        assertThat(memories)
                .extracting(memory -> memory.getClass().getSimpleName())
                .containsExactlyInAnyOrder(
                        "BootstrapStep",
                        "BrokenReplicas",
                        "ImageRollouts",
                        "LagHistory",
                        "NamedSecrets",
                        "OverridesStep",
                        "PasswordChecks",
                        "PatroniRequests",
                        "PoolerHold",
                        "Reconnects",
                        "CertificateReloadStep",
                        "DeliveredAuthorities",
                        "RepositoryQuestions",
                        "ServerVersions",
                        "StartedJobs",
                        "VerificationQueue",
                        "Wakeups",
                        "QuietClusters");
    }

    @Test
    @Acceptance(202)
    void readyNeitherBeforeTheCachesAreFilledNorDuringTheStop() {
        given().get("healthz").then().statusCode(200).body("status", equalTo("UP"));
        given().get("readyz")
                .then()
                .statusCode(503)
                .body("status", equalTo("DOWN"))
                .body("checks.data.stage", hasItem("connecting"));

        lifecycle.onStop(new ShutdownEvent());
        given().get("healthz").then().statusCode(200);
        given().get("readyz").then().statusCode(503).body("checks.data.stage", hasItem("stopping"));
    }

    @Test
    void theDefaultsAreThoseOfTheContract() {
        assertThat(config.imageUid()).isEqualTo(101);
        assertThat(config.imageGid()).isEqualTo(103);
        assertThat(config.defaultIssuer()).isEmpty();
        assertThat(config.clusterDomain()).isEqualTo("cluster.local");
        assertThat(config.resyncSeconds()).isEqualTo(30);
        assertThat(config.maxConcurrentReconciles()).isEqualTo(10);
        assertThat(config.maxConcurrentImageRollouts()).isEqualTo(1);
        assertThat(config.connectMode()).isEqualTo("auto");
        assertThat(config.inPlaceResize()).isEqualTo("auto");
        assertThat(config.creationTimeout()).isEqualTo(Duration.ofMinutes(10));
    }
}

package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javaoperatorsdk.operator.api.monitoring.Metrics.ControllerExecution;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ReconcileWatchdog workers = new ReconcileWatchdog(2);
    private final ReconcileMetrics reconciliations = new ReconcileMetrics(registry, workers);
    private final ClusterMetrics clusters = new ClusterMetrics(registry);

    private record Execution(Callable<String> work) implements ControllerExecution<String> {
        @Override
        public String name() {
            return "reconcile";
        }

        @Override
        public String controllerName() {
            return "postgrescluster";
        }

        @Override
        public String successTypeName(String result) {
            return result;
        }

        @Override
        public ResourceID resourceID() {
            return new ResourceID("db", "team");
        }

        @Override
        public Map<String, Object> metadata() {
            return Map.of(Constants.RESOURCE_GVK_KEY, new GroupVersionKind("g", "v1", "PostgresCluster"));
        }

        @Override
        public String execute() throws Exception {
            return work.call();
        }
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).gauge().value();
    }

    @Test
    void aRestoreTestShowsWhenItSucceededAndHowLongItTook() {
        String verified = "postgres_operator_cluster_backup_last_verified_timestamp_seconds";
        String duration = "postgres_operator_cluster_backup_restore_duration_seconds";
        clusters.verification("team", "db", 1_000L, 40L);
        assertThat(gauge(verified, "namespace", "team", "name", "db")).isEqualTo(1_000);
        assertThat(gauge(duration, "namespace", "team", "name", "db")).isEqualTo(40);
        clusters.verification("team", "db", 1_000L, null);
        assertThat(registry.find(duration).gauge()).isNull();
        clusters.remove("team", "db");
        assertThat(registry.find(verified).gauge()).isNull();
    }

    @Test
    void failuresAreReconciliationsTooAndPassUnchanged() throws Exception {
        reconciliations.timeControllerExecution(new Execution(() -> "done"));
        var failure = new IllegalStateException("no");
        assertThatThrownBy(() -> reconciliations.timeControllerExecution(new Execution(() -> {
                    throw failure;
                })))
                .isSameAs(failure);

        String[] tags = {"kind", "PostgresCluster", "namespace", "team"};
        assertThat(gauge("postgres_operator_reconciliations", tags)).isEqualTo(2);
        assertThat(gauge("postgres_operator_reconciliations_total", tags)).isEqualTo(2);
        assertThat(gauge("postgres_operator_reconciliation_errors", tags)).isEqualTo(1);
        assertThat(gauge("postgres_operator_reconciliation_errors_total", tags)).isEqualTo(1);
        assertThat(registry.get("postgres_operator_reconcile_duration")
                        .tag("kind", "PostgresCluster")
                        .timer()
                        .count())
                .isEqualTo(2);
        assertThat(workers.stuck(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void theHistogramHasTheFifteenBucketsOfTheContract() {
        reconciliations.record("PostgresCluster", "team", Duration.ofMillis(3), false);
        var buckets = registry.get("postgres_operator_reconcile_duration")
                .timer()
                .takeSnapshot()
                .histogramCounts();
        assertThat(buckets).hasSize(15);
        assertThat(buckets[0].bucket(TimeUnit.MILLISECONDS)).isEqualTo(1);
        assertThat(buckets[14].bucket(TimeUnit.MILLISECONDS)).isEqualTo(16384);
    }

    @Test
    void aClusterIsInOnePhaseAndCountedThere() {
        clusters.update("team", "db", "Creating", 3, 1);
        clusters.update("team", "db", "Running", 3, 3);
        clusters.update("team", "other", "Running", 1, 1);
        assertThat(gauge("postgres_operator_clusters_total", "phase", "Running"))
                .isEqualTo(2);
        assertThat(gauge("postgres_operator_clusters_total", "phase", "Creating"))
                .isZero();
        assertThat(gauge("postgres_operator_cluster_phase", "name", "db", "phase", "Running"))
                .isEqualTo(1);
        assertThat(gauge("postgres_operator_cluster_phase", "name", "db", "phase", "Creating"))
                .isZero();
        assertThat(gauge("postgres_operator_cluster_replicas_desired", "name", "db"))
                .isEqualTo(3);
        assertThat(gauge("postgres_operator_cluster_replicas_ready", "name", "db"))
                .isEqualTo(3);
    }

    @Test
    void failoversAddUpAndLagFollowsThePods() {
        clusters.failover("team", "db");
        clusters.failover("team", "db");
        assertThat(gauge("postgres_operator_cluster_failovers", "name", "db")).isEqualTo(2);
        assertThat(gauge("postgres_operator_cluster_failovers_total", "name", "db"))
                .isEqualTo(2);

        clusters.lag("team", "db", Map.of("db-0", 5L, "db-1", 7L));
        clusters.lag("team", "db", Map.of("db-1", 9L));
        assertThat(registry.find("postgres_operator_cluster_replication_lag_bytes")
                        .gauges())
                .singleElement()
                .satisfies(lag -> {
                    assertThat(lag.value()).isEqualTo(9);
                    assertThat(lag.getId().getTag("pod")).isEqualTo("db-1");
                });
    }

    @Test
    void aDeletedClusterLeavesNoSeriesBehind() {
        int before = registry.getMeters().size();
        clusters.update("team", "db", "Running", 3, 3);
        clusters.lag("team", "db", Map.of("db-1", 9L));
        clusters.remove("team", "db");
        assertThat(registry.getMeters())
                .hasSize(before)
                .noneMatch((Meter meter) -> "db".equals(meter.getId().getTag("name")));
    }
}

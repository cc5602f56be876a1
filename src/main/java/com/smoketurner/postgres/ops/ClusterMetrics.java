package com.smoketurner.postgres.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What dashboards show of each cluster. The reconciler tells it what it saw; what it no longer hears of it forgets.
 */
public final class ClusterMetrics {
    static final List<String> PHASES = List.of(
            "Pending",
            "Creating",
            "Running",
            "Updating",
            "Scaling",
            "Degraded",
            "Recovering",
            "Failed",
            "Superseded",
            "Deleting");

    private static final String PREFIX = "postgres_operator_cluster_";

    private record Key(String namespace, String name) {
        Tags tags() {
            return Tags.of("namespace", namespace, "name", name);
        }
    }

    private final MeterRegistry registry;
    private final Map<Key, Series> clusters = new ConcurrentHashMap<>();

    ClusterMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (String phase : PHASES) {
            Gauge.builder("postgres_operator_clusters_total", this, metrics -> metrics.inPhase(phase))
                    .description("Clusters in each phase")
                    .tag("phase", phase)
                    .strongReference(true)
                    .register(registry);
        }
    }

    /** Publishes what the last reconciliation found. */
    public void update(String namespace, String name, String phase, int desired, int ready) {
        Series series = of(namespace, name);
        series.phase = phase;
        series.desired = desired;
        series.ready = ready;
    }

    /** Counts a change of the primary. */
    public void failover(String namespace, String name) {
        of(namespace, name).countFailover();
    }

    /** Publishes how far each replica is behind, in bytes; a pod that is not named any more disappears. */
    public void lag(String namespace, String name, Map<String, Long> bytesByPod) {
        of(namespace, name).lag(bytesByPod);
    }

    /**
     * Publishes how the backups are.
     *
     * @param lastBackup when the last one ended, in seconds since 1970; null without one
     * @param archiving whether WAL is archived; null where it is not to be
     */
    public void backups(String namespace, String name, @Nullable Long lastBackup, @Nullable Boolean archiving) {
        of(namespace, name).backups(lastBackup, archiving);
    }

    /** Forgets a deleted cluster. */
    public void remove(String namespace, String name) {
        Series series = clusters.remove(new Key(namespace, name));
        if (series != null) {
            series.close();
        }
    }

    private Series of(String namespace, String name) {
        return clusters.computeIfAbsent(new Key(namespace, name), key -> new Series(registry, key.tags()));
    }

    private double inPhase(String phase) {
        return clusters.values().stream()
                .filter(series -> series.phase.equals(phase))
                .count();
    }

    /** The series of one cluster. */
    private static final class Series {
        private final MeterRegistry registry;
        private final Tags tags;
        private final List<Meter> meters = new ArrayList<>();
        private final Map<String, Lag> lags = new HashMap<>();
        private volatile String phase = "Pending";
        private volatile int desired;
        private volatile int ready;
        private volatile long failovers;
        private volatile long lastBackup;
        private volatile boolean archiving;
        private @Nullable Meter lastBackupGauge;
        private @Nullable Meter archivingGauge;

        private static final class Lag {
            private volatile long bytes;
            private final Meter meter;

            Lag(MeterRegistry registry, Tags tags) {
                this.meter = gauge(
                        registry, "replication_lag_bytes", "Bytes of WAL not yet replayed", tags, this, it -> it.bytes);
            }
        }

        Series(MeterRegistry registry, Tags tags) {
            this.registry = registry;
            this.tags = tags;
            for (String candidate : PHASES) {
                meters.add(gauge(
                        registry,
                        "phase",
                        "1 for the phase the cluster is in",
                        tags.and("phase", candidate),
                        this,
                        it -> it.phase.equals(candidate) ? 1 : 0));
            }
            meters.add(gauge(registry, "replicas_desired", "Members asked for", tags, this, it -> it.desired));
            meters.add(gauge(registry, "replicas_ready", "Members that are ready", tags, this, it -> it.ready));
            for (String name : List.of("failovers", "failovers_total")) {
                meters.add(gauge(registry, name, "Changes of the primary seen", tags, this, it -> it.failovers));
            }
        }

        synchronized void countFailover() {
            failovers = failovers + 1;
        }

        synchronized void lag(Map<String, Long> bytesByPod) {
            lags.entrySet().removeIf(entry -> {
                boolean gone = !bytesByPod.containsKey(entry.getKey());
                if (gone) {
                    registry.remove(entry.getValue().meter);
                }
                return gone;
            });
            bytesByPod.forEach((pod, bytes) ->
                    lags.computeIfAbsent(pod, key -> new Lag(registry, tags.and("pod", key))).bytes = bytes);
        }

        synchronized void backups(@Nullable Long last, @Nullable Boolean healthy) {
            lastBackup = last == null ? 0 : last;
            archiving = healthy != null && healthy;
            lastBackupGauge = shown(
                    last != null,
                    lastBackupGauge,
                    () -> gauge(
                            registry,
                            "last_backup_timestamp_seconds",
                            "When the last base backup ended",
                            tags,
                            this,
                            it -> it.lastBackup));
            archivingGauge = shown(
                    healthy != null,
                    archivingGauge,
                    () -> gauge(
                            registry,
                            "wal_archiving_healthy",
                            "1 while WAL is archived",
                            tags,
                            this,
                            it -> it.archiving ? 1 : 0));
        }

        private @Nullable Meter shown(boolean wanted, @Nullable Meter present, Supplier<Meter> maker) {
            if (!wanted && present != null) {
                registry.remove(present);
                return null;
            }
            return wanted && present == null ? maker.get() : present;
        }

        synchronized void close() {
            backups(null, null);
            meters.forEach(registry::remove);
            lags.values().forEach(lag -> registry.remove(lag.meter));
        }

        private static <T> Meter gauge(
                MeterRegistry registry, String name, String help, Tags tags, T state, ToDoubleFunction<T> value) {
            return Gauge.builder(PREFIX + name, state, value)
                    .description(help)
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }
    }
}

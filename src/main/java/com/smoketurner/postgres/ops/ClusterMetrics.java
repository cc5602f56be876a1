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
     * How the backups of a cluster are.
     *
     * @param last when the last one ended, in seconds since 1970; null without one
     * @param archiving whether WAL is archived; null where it is not to be
     * @param healthy whether the condition BackupHealthy is true; null where none are to be taken
     * @param overdue whether the last one is older than two intervals of the schedule; null where none are to be taken
     */
    public record Backups(
            @Nullable Long last,
            @Nullable Boolean archiving,
            @Nullable Boolean healthy,
            @Nullable Boolean overdue) {
        static final Backups NONE = new Backups(null, null, null, null);
    }

    /** Publishes how the backups are. */
    public void backups(String namespace, String name, Backups backups) {
        of(namespace, name).backups(backups);
    }

    /**
     * Publishes what the last successful restore test found.
     *
     * @param verified when it ended, in seconds since 1970; null without one
     * @param recovery seconds that the recovery took; null where it is not known
     */
    public void verification(String namespace, String name, @Nullable Long verified, @Nullable Long recovery) {
        of(namespace, name).verification(verified, recovery);
    }

    /**
     * Publishes when the certificate of the members expires.
     *
     * @param expires in seconds since 1970; null without TLS
     */
    public void certificate(String namespace, String name, @Nullable Long expires) {
        of(namespace, name).certificate(expires);
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
        private volatile Backups backups = Backups.NONE;
        private final Map<String, Meter> optional = new HashMap<>();
        private volatile @Nullable Long verified;
        private volatile @Nullable Long recovery;
        private volatile @Nullable Long expires;

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
            meters.add(gauge(registry, "replicas_desired", "Desired number of members", tags, this, it -> it.desired));
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

        synchronized void backups(Backups now) {
            backups = now;
            show(
                    "last_backup_timestamp_seconds",
                    "When the last base backup ended",
                    now.last(),
                    it -> number(it.backups.last()));
            show(
                    "wal_archiving_healthy",
                    "1 while WAL is archived",
                    now.archiving(),
                    it -> flag(it.backups.archiving()));
            show(
                    "backup_healthy",
                    "1 while the condition BackupHealthy is true",
                    now.healthy(),
                    it -> flag(it.backups.healthy()));
            show(
                    "backup_overdue",
                    "1 while the last base backup is older than two intervals of the schedule",
                    now.overdue(),
                    it -> flag(it.backups.overdue()));
        }

        synchronized void verification(@Nullable Long ended, @Nullable Long seconds) {
            verified = ended;
            recovery = seconds;
            show(
                    "backup_last_verified_timestamp_seconds",
                    "When the last successful restore test ended",
                    ended,
                    it -> number(it.verified));
            show(
                    "backup_restore_duration_seconds",
                    "How long the recovery took in the last successful restore test",
                    seconds,
                    it -> number(it.recovery));
        }

        synchronized void certificate(@Nullable Long seconds) {
            expires = seconds;
            show(
                    "certificate_expiry_timestamp_seconds",
                    "When the certificate of the members expires",
                    seconds,
                    it -> number(it.expires));
        }

        /** Shows a gauge while there is something to show. */
        private void show(String gauge, String help, @Nullable Object shown, ToDoubleFunction<Series> value) {
            if (shown != null) {
                optional.computeIfAbsent(gauge, key -> gauge(registry, gauge, help, tags, this, value));
                return;
            }
            Meter present = optional.remove(gauge);
            if (present != null) {
                registry.remove(present);
            }
        }

        private static double number(@Nullable Long value) {
            return value == null ? 0 : value;
        }

        private static double flag(@Nullable Boolean value) {
            return value != null && value ? 1 : 0;
        }

        synchronized void close() {
            backups(Backups.NONE);
            verification(null, null);
            certificate(null);
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

package com.smoketurner.postgres.ops;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Counts and times reconciliations under the published names.
 *
 * <p>A Micrometer counter can not have a name without {@code _total}; so each count is a gauge, once with and once
 * without the suffix (ADR-0005).
 */
@Singleton
public final class ReconcileMetrics implements Metrics {
    static final String RECONCILIATIONS = "postgres_operator_reconciliations";
    static final String ERRORS = "postgres_operator_reconciliation_errors";
    static final String DURATION = "postgres_operator_reconcile_duration";
    private static final int BUCKETS = 15;

    private record Key(String kind, String namespace) {}

    private final MeterRegistry registry;
    private final ReconcileWatchdog workers;
    private final Metrics sdk;
    private final Map<Key, Counts> counts = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    /** Two counts that are born together, so that an error rate exists before the first error. */
    private record Counts(LongAdder all, LongAdder errors) {}

    ReconcileMetrics(MeterRegistry registry, ReconcileWatchdog workers) {
        this.registry = registry;
        this.workers = workers;
        this.sdk = MicrometerMetricsV2.newBuilder(registry).build();
    }

    /** Counts one reconciliation of a kind, for code that is not called by the SDK. */
    public void record(String kind, String namespace, Duration duration, boolean failed) {
        Counts count = counts.computeIfAbsent(new Key(kind, namespace), this::register);
        count.all().increment();
        if (failed) {
            count.errors().increment();
        }
        timers.computeIfAbsent(kind, this::timer).record(duration);
    }

    /** Counts an error of a reconciliation that went on all the same. */
    public void failed(String kind, String namespace) {
        counts.computeIfAbsent(new Key(kind, namespace), this::register)
                .errors()
                .increment();
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        long began = System.nanoTime();
        boolean failed = true;
        workers.began(began);
        try {
            T result = execution.execute();
            failed = false;
            return result;
        } finally {
            workers.ended();
            record(
                    kind(execution.metadata(), execution.controllerName()),
                    execution.resourceID().getNamespace().orElse(""),
                    Duration.ofNanos(System.nanoTime() - began),
                    failed);
        }
    }

    private static String kind(Map<String, Object> metadata, String controller) {
        return Optional.ofNullable(metadata.get(Constants.RESOURCE_GVK_KEY))
                .map(GroupVersionKind.class::cast)
                .map(GroupVersionKind::getKind)
                .orElse(controller);
    }

    private Counts register(Key key) {
        var created = new Counts(new LongAdder(), new LongAdder());
        Tags tags = Tags.of("kind", key.kind(), "namespace", key.namespace());
        gauges(RECONCILIATIONS, "Reconciliations, failed ones included", tags, created.all());
        gauges(ERRORS, "Reconciliations that failed, as a whole or in part", tags, created.errors());
        return created;
    }

    private void gauges(String name, String help, Tags tags, LongAdder count) {
        for (String published : new String[] {name, name + "_total"}) {
            Gauge.builder(published, count, LongAdder::sum)
                    .description(help)
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }
    }

    private Timer timer(String kind) {
        Duration[] bounds = IntStream.range(0, BUCKETS)
                .mapToObj(power -> Duration.ofMillis(1L << power))
                .toArray(Duration[]::new);
        return Timer.builder(DURATION)
                .description("Duration of reconciliations")
                .tag("kind", kind)
                .serviceLevelObjectives(bounds)
                .register(registry);
    }

    // The SDK's own meters, except for its timer: it would wrap every exception.

    @Override
    public void controllerRegistered(Controller<? extends HasMetadata> controller) {
        sdk.controllerRegistered(controller);
    }

    @Override
    public void eventReceived(Event event, Map<String, Object> metadata) {
        // Others have fewer labels under the same name, which Prometheus refuses by throwing in the thread that calls.
        if (event instanceof ResourceEvent) {
            sdk.eventReceived(event, metadata);
        }
    }

    @Override
    public void reconciliationSubmitted(HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
        sdk.reconciliationSubmitted(resource, retry, metadata);
    }

    @Override
    public void reconciliationStarted(HasMetadata resource, Map<String, Object> metadata) {
        sdk.reconciliationStarted(resource, metadata);
    }

    @Override
    public void reconciliationFailed(
            HasMetadata resource, RetryInfo retry, Exception exception, Map<String, Object> metadata) {
        sdk.reconciliationFailed(resource, retry, exception, metadata);
    }

    @Override
    public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
        sdk.reconciliationSucceeded(resource, metadata);
    }

    @Override
    public void reconciliationFinished(HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
        sdk.reconciliationFinished(resource, retry, metadata);
    }

    @Override
    public void cleanupDone(ResourceID resource, Map<String, Object> metadata) {
        sdk.cleanupDone(resource, metadata);
    }
}

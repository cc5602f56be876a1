package com.smoketurner.postgres.ops;

import com.smoketurner.postgres.kube.OptionalKinds;
import com.smoketurner.postgres.ops.OperatorLifecycle.Stage;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Alive, unless a restart is likely to help: no watch for a minute, or no reconciliation gets anywhere. A slow or
 * failing API server alone is no reason: requests and watches recover by themselves.
 */
@Liveness
@Singleton
final class OperatorLiveness implements HealthCheck {
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    /** Watches end and are opened again all the time. */
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(8);

    private final OperatorLifecycle lifecycle;
    private final ReconcileWatchdog workers;
    private final Debounce disconnected = new Debounce(TOLERANCE);
    private final Debounce interrupted = new Debounce(WORTH_A_LINE);
    private boolean toldAway;

    OperatorLiveness(OperatorLifecycle lifecycle, ReconcileWatchdog workers) {
        this.lifecycle = lifecycle;
        this.workers = workers;
    }

    @Override
    public HealthCheckResponse call() {
        long now = System.nanoTime();
        boolean away = apiIsAway();
        tell(interrupted.since(away, now));
        boolean dead = disconnected.since(away, now);
        boolean stuck = workers.stuck(now);
        return HealthCheckResponse.named("operator")
                .withData("api", dead ? "no connection for more than a minute" : "ok")
                .withData("reconciliations", stuck ? "stuck" : "ok")
                .status(!dead && !stuck)
                .build();
    }

    /** Once per interruption; the client's own lines about it come by the dozen and are switched off. */
    private synchronized void tell(boolean away) {
        if (away != toldAway && lifecycle.stage() == Stage.SERVING) {
            toldAway = away;
            if (away) {
                Log.warn("the API server does not answer, watches are interrupted and will be opened again");
            } else {
                Log.info("the API server is watched again");
            }
        }
    }

    private boolean apiIsAway() {
        return switch (lifecycle.stage()) {
            case CONNECTING -> true;
            case SYNCING, STOPPING -> false;
            case SERVING -> !watching();
        };
    }

    private boolean watching() {
        Set<String> whole = new HashSet<>();
        Set<String> broken = new HashSet<>();
        for (EventSource<?, ?> source : lifecycle.eventSources()) {
            if (!OptionalKinds.followedBy(source.name()) // Another process could not follow them either.
                    && source instanceof InformerWrappingEventSourceHealthIndicator<?> informers) {
                informers
                        .informerHealthIndicators()
                        .forEach((namespace, informer) ->
                                (informer.isRunning() && informer.isWatching() ? whole : broken).add(namespace));
            }
        }
        return watching(whole, broken);
    }

    /**
     * Whether enough is watched, by the namespaces of the watches that are open and of those that are not. One of several namespaces
     * may be gone with the permissions in it: another process would wait for it, and the others' clusters would have no operator.
     */
    static boolean watching(Set<String> whole, Set<String> broken) {
        if (broken.isEmpty()) {
            return true;
        }
        return !broken.contains(Constants.WATCH_ALL_NAMESPACES)
                && whole.stream()
                        .anyMatch(namespace ->
                                !namespace.equals(Constants.WATCH_ALL_NAMESPACES) && !broken.contains(namespace));
    }
}

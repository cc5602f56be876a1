package com.smoketurner.postgres.ops;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresUpgrade;
import com.smoketurner.postgres.kube.OptionalKinds;
import com.smoketurner.postgres.ops.lease.ApiLease;
import com.smoketurner.postgres.ops.lease.LeaderElection;
import com.smoketurner.postgres.ops.lease.LeaseClient;
import com.smoketurner.postgres.ops.lease.ShortTimeoutClient;
import com.smoketurner.postgres.reconcile.ErrorText;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ExecutorServiceManager;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Starts and stops the controllers: caches first, then the Lease, then the work; backwards on the way out.
 *
 * <p>The SDK can do this too, but not release the Lease, not end in time when a request hangs, and not wait for an API
 * server that is away (ADR-0008).
 */
@Singleton
public final class OperatorLifecycle {
    /** Where the way from start to end has got to. */
    enum Stage {
        /** Waiting for an API server that serves our resources. */
        CONNECTING,
        /** Filling the caches. */
        SYNCING,
        /** The caches follow; the work is done by whoever holds the Lease. */
        SERVING,
        STOPPING
    }

    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(PostgresCluster.class, PostgresDatabase.class, PostgresUpgrade.class);

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration RELEASE = Duration.ofSeconds(2);
    private static final Duration RECONNECT = Duration.ofSeconds(2);

    private final Operator operator;
    private final OperatorConfig config;
    private final KubernetesClient client;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile Stage stage = Stage.CONNECTING;
    private volatile boolean working;
    private @Nullable LeaderElection election;
    private @Nullable LeaseClient leaseClient;

    OperatorLifecycle(Operator operator, OperatorConfig config, KubernetesClient client, MeterRegistry registry) {
        this.operator = operator;
        this.config = config;
        this.client = client;
        Gauge.builder("postgres_operator_leader", this, lifecycle -> lifecycle.leading() ? 1 : 0)
                .description("1 in the process that reconciles")
                .register(registry);
    }

    void onStart(@Observes StartupEvent event) {
        if (config.start()) {
            Thread.ofPlatform().name("operator-start").start(this::run);
        }
    }

    /** Before the listeners of everybody else: what still runs may need them. */
    void onStop(@Observes @Priority(1) ShutdownEvent event) {
        stop();
    }

    Stage stage() {
        return stage;
    }

    /** Whether this process is the one that reconciles. */
    boolean leading() {
        return working;
    }

    List<Controller<?>> controllers() {
        List<Controller<?>> controllers = new ArrayList<>();
        for (RegisteredController<?> registered : operator.getRegisteredControllers()) {
            controllers.add((Controller<?>) registered);
        }
        return controllers;
    }

    /** All that the controllers watch, the custom resources included. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    List<EventSource<?, ?>> eventSources() {
        List<EventSource<?, ?>> sources = new ArrayList<>();
        for (Controller<?> controller : controllers()) {
            sources.addAll((List) controller.getEventSourceManager().allEventSources());
        }
        return sources;
    }

    private void run() {
        try {
            if (!awaitApi()) {
                return;
            }
            synchronized (this) {
                if (stage == Stage.STOPPING) {
                    return;
                }
                stage = Stage.SYNCING;
            }
            ExecutorServiceManager executors =
                    operator.getConfigurationService().getExecutorServiceManager();
            executors.start(operator.getConfigurationService());
            // Returns when the caches are filled, at the latest after quarkus.operator-sdk.cache-sync-timeout.
            controllers().forEach(controller -> controller.start(false));
            if (awaitCaches()) {
                serve();
            }
        } catch (RuntimeException e) {
            fail("the operator could not start", e);
        }
    }

    /** Waits for all that is watched but for optional kinds, which may come later: their lists are retried meanwhile. */
    private boolean awaitCaches() {
        SortedSet<String> late = notFollowed();
        late.removeIf(OptionalKinds::followedBy);
        if (!late.isEmpty()) {
            Log.warnf("waiting for lists of %s: they fail or are slow", String.join(", ", late));
        }
        while (!late.isEmpty()) {
            if (stopsWithin(RECONNECT)) {
                return false;
            }
            late.retainAll(notFollowed());
        }
        SortedSet<String> optional = notFollowed();
        if (!optional.isEmpty()) {
            Log.warnf(
                    "starting without %s: their lists fail or are slow and are retried; TLS waits for them",
                    String.join(", ", optional));
        }
        return true;
    }

    /** What is watched and has not been read yet. */
    private SortedSet<String> notFollowed() {
        return controllers().stream()
                .flatMap(controller -> controller.getControllerHealthInfo().unhealthyEventSources().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private synchronized void serve() {
        if (stage == Stage.STOPPING) {
            return;
        }
        stage = Stage.SERVING;
        if (config.leaderElection()) {
            String namespace = config.podNamespace().orElseThrow();
            String identity = config.podName().orElseThrow();
            Log.infof("caches are synced; waiting for Lease %s/%s", namespace, ApiLease.NAME);
            leaseClient = LeaseClient.like(client);
            election =
                    new LeaderElection(new ApiLease(leaseClient.client(), namespace), identity, this::work, this::lost);
            election.start();
        } else {
            Log.info("caches are synced; leader election is disabled");
            work();
        }
    }

    private void work() {
        try {
            Log.info("became leader, reconciling");
            working = true;
            controllers().forEach(Controller::startEventProcessing);
        } catch (RuntimeException e) {
            fail("the controllers could not start", e);
        }
    }

    /** At once and without clean-up: another process may be the leader already. */
    private void lost(String reason) {
        working = false;
        Log.errorf("lost leadership, exiting: %s", reason);
        Runtime.getRuntime().halt(1);
    }

    private static void fail(String what, RuntimeException cause) {
        Log.error(what, cause);
        Runtime.getRuntime().halt(1);
    }

    /** Waits for an API server that serves our resources: nothing could be watched without. */
    private boolean awaitApi() {
        String last = "";
        while (stopping.getCount() > 0) {
            String obstacle = obstacle();
            if (obstacle.isEmpty()) {
                return true;
            }
            if (!obstacle.equals(last)) {
                Log.warnf("waiting for the API server: %s", obstacle);
                last = obstacle;
            }
            if (stopsWithin(RECONNECT)) {
                return false;
            }
        }
        return false;
    }

    private boolean stopsWithin(Duration time) {
        try {
            return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Asks for our own API and not for {@code operator}: making that bean takes an API server already. */
    private String obstacle() {
        try {
            KubernetesClient impatient = ShortTimeoutClient.of(client);
            return KINDS.stream()
                    .filter(kind -> !impatient.supports(kind))
                    .map(kind ->
                            "it does not serve %s; apply deploy/install.yaml".formatted(HasMetadata.getPlural(kind)))
                    .findFirst()
                    .orElse("");
        } catch (RuntimeException e) {
            return ErrorText.summary(e);
        }
    }

    private void stop() {
        synchronized (this) {
            if (stage == Stage.STOPPING) {
                return;
            }
            boolean serving = stage == Stage.SERVING;
            stage = Stage.STOPPING;
            stopping.countDown();
            if (!serving) {
                return; // Nothing reconciles, and controllers that are starting can not be stopped before they did.
            }
        }
        Log.info("shutting down: no new reconciliations");
        controllers().forEach(Controller::stop);
        operator.getConfigurationService().getExecutorServiceManager().stop(DRAIN);
        working = false;
        LeaderElection running = election;
        if (running != null) {
            running.close(RELEASE);
        }
        LeaseClient own = leaseClient;
        if (own != null) {
            own.close();
        }
    }
}

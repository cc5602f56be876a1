package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Timeouts;
import com.smoketurner.postgres.cluster.run.Wakeups;
import com.smoketurner.postgres.cluster.status.ClusterStatuses;
import com.smoketurner.postgres.cluster.status.FailureSection;
import com.smoketurner.postgres.cluster.status.StatusUpdate;
import com.smoketurner.postgres.kube.Applier;
import com.smoketurner.postgres.kube.ClusterDirectory;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.Namespaces;
import com.smoketurner.postgres.kube.StatusWriter;
import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.reconcile.ErrorText;
import com.smoketurner.postgres.reconcile.SpecOrMetadataChanged;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.RateLimited;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Brings a PostgresCluster from its observed to its requested state, and reports how far it is. */
@ControllerConfiguration(
        name = "postgrescluster",
        fieldManager = ApiGroup.FIELD_MANAGER,
        finalizerName = ApiGroup.CLUSTER_FINALIZER,
        // The filter looks at annotations too, which generation awareness would hide (docs/dev/design.md §6).
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = SpecOrMetadataChanged.class, informerListLimit = OwnedCaches.PAGE),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 5, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 5_000, intervalMultiplier = 2, maxInterval = 300_000)
@RateLimited(maxReconciliations = 20, within = 5)
public final class ClusterReconciler implements Reconciler<PostgresCluster>, Cleaner<PostgresCluster> {

    /** After a write the world is looked at once more: the answer may have hidden somebody else's change. */
    private static final Duration SECOND_LOOK = Duration.ofMillis(500);

    private final ClusterObserver observer;
    private final ClusterSteps steps;
    private final ClusterDeletion deletion;
    private final Settings settings;
    private final Timeouts timeouts;
    private final EventRecorder events;
    private final Clock clock;
    private final ClusterGauges gauges;
    private final StatusWriter<PostgresClusterStatus, PostgresCluster> statuses =
            new StatusWriter<>(PostgresCluster::new);
    private final QuietClusters quiet;
    private final Wakeups wakeups;
    private final ClusterDirectory directory;
    private @Nullable OwnedCaches<PostgresCluster> caches;

    ClusterReconciler(
            ClusterObserver observer,
            ClusterSteps steps,
            ClusterDeletion deletion,
            Settings settings,
            Timeouts timeouts,
            EventRecorder events,
            Clock clock,
            ClusterGauges gauges,
            QuietClusters quiet,
            Wakeups wakeups,
            ClusterDirectory directory) {
        this.observer = observer;
        this.steps = steps;
        this.deletion = deletion;
        this.settings = settings;
        this.timeouts = timeouts;
        this.events = events;
        this.clock = clock;
        this.gauges = gauges;
        this.quiet = quiet;
        this.wakeups = wakeups;
        this.directory = directory;
        wakeups.tell(quiet::disturb);
    }

    @Override
    public List<EventSource<?, PostgresCluster>> prepareEventSources(EventSourceContext<PostgresCluster> context) {
        caches = observer.watch(context, quiet::disturb);
        directory.use(context.getPrimaryCache());
        return Stream.concat(caches.eventSources().stream(), Stream.of(wakeups.source()))
                .toList();
    }

    @Override
    public UpdateControl<PostgresCluster> reconcile(PostgresCluster cluster, Context<PostgresCluster> context) {
        Instant now = clock.instant();
        Duration resync =
                Requeue.spread(timeouts.resync(), cluster.getMetadata().getUid());
        if (quiet.is(cluster, now) && unmoved(cluster, now)) {
            return again(resync);
        }
        quiet.begin(cluster, now);
        ClusterRun run = begin(cluster, context, now);
        ClusterReport report = steps.run(run);
        StatusUpdate update = StatusUpdate.of(report, cluster.getStatus());
        PostgresClusterStatus status = update.status();
        boolean news = publish(context, cluster, report, update);
        boolean wrote = run.applier().writes() > 0;
        boolean behind = ReplicaLags.behind(run.view());
        boolean calm = report.calm() && status.phase() == ClusterPhase.RUNNING && whole(status) && !behind;
        if (calm && !news && !wrote) {
            quiet.calm(cluster, now);
        }
        return again(wrote || upgrades(cluster, status) ? SECOND_LOOK : next(report, status, behind, resync));
    }

    /** An upgrade goes on from what the status shows, and the status wakes nobody. */
    private static boolean upgrades(PostgresCluster cluster, PostgresClusterStatus status) {
        boolean other =
                status.currentVersion() != null && !status.currentVersion().equals(cluster.runningMajor());
        Optional<VersionUpgrade> upgrade = Optional.ofNullable(status.versionUpgrade());
        return other
                || !upgrade.map(VersionUpgrade::state)
                        .equals(cluster.versionUpgrade().map(VersionUpgrade::state));
    }

    private static UpdateControl<PostgresCluster> again(Duration after) {
        return UpdateControl.<PostgresCluster>noUpdate().rescheduleAfter(after);
    }

    /**
     * Shows the status, events and metrics of a reconciliation.
     *
     * @return whether the status was worth writing
     */
    private boolean publish(
            Context<PostgresCluster> context, PostgresCluster cluster, ClusterReport report, StatusUpdate update) {
        PostgresClusterStatus status = update.status();
        Instant now = report.view().now();
        boolean news = StatusThrottle.worthWriting(cluster, status, now);
        if (news) {
            record(context, cluster, update.events(), now);
            if (update.events().stream()
                    .anyMatch(event -> event.reason().equals(EventReason.PRIMARY_CHANGED.label()))) {
                gauges.failover(cluster);
            }
            statuses.write(context, cluster, status);
        }
        gauges.update(cluster, status);
        directory.reconciled(cluster, ForOthers.state(report.view(), status));
        report.failures().ifPresent(failures -> gauges.failed(cluster));
        return news;
    }

    private static Duration next(ClusterReport report, PostgresClusterStatus status, boolean behind, Duration resync) {
        return Requeue.after(
                Objects.requireNonNull(status.phase()),
                status.timeInPhase(report.view().now()),
                whole(status),
                behind,
                report.outcomes().values(),
                Objects.requireNonNullElse(status.retryCount(), 0),
                resync);
    }

    /** Whether a cluster of which no object has changed is as it was in what changes without an event. */
    private boolean unmoved(PostgresCluster cluster, Instant now) {
        ClusterView glance = view(cluster, observer.observe(cluster, caches().unpacked(), now), now);
        return ClusterStatuses.holds(cluster.getStatus(), glance) && !ReplicaLags.behind(glance);
    }

    private static boolean whole(PostgresClusterStatus status) {
        return status.primaryPod() != null
                && Objects.requireNonNullElse(status.readyReplicas(), 0)
                        >= Objects.requireNonNullElse(status.replicas(), 1);
    }

    @Override
    public DeleteControl cleanup(PostgresCluster cluster, Context<PostgresCluster> context) {
        quiet.disturb(ResourceID.fromResource(cluster));
        ClusterRun run = begin(cluster, context, clock.instant());
        PostgresClusterStatus status = ClusterStatuses.deleting(run.view(), cluster.getStatus());
        ClusterDeletion.Progress progress = deletion.run(run, caches());
        if (!progress.finished()) {
            statuses.write(context, cluster, status);
        }
        record(context, cluster, progress.messages(), run.now());
        if (!progress.finished()) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(Duration.ofSeconds(5));
        }
        gauges.remove(cluster);
        directory.gone(cluster);
        return DeleteControl.defaultDelete();
    }

    /** A passing cause is retried; the phase stays as it is, and the error can be read until it is over. */
    @Override
    public ErrorStatusUpdateControl<PostgresCluster> updateErrorStatus(
            PostgresCluster cluster, Context<PostgresCluster> context, Exception error) {
        int attempt = context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) + 1;
        statuses.write(
                context, cluster, FailureSection.failedAttempt(cluster, attempt, ErrorText.of(error), clock.instant()));
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    private ClusterRun begin(PostgresCluster cluster, Context<PostgresCluster> context, Instant now) {
        observer.lookForOthers(cluster, caches(), context, now);
        return new ClusterRun(
                view(cluster, observer.observe(cluster, caches(), now), now),
                new Applier(context, caches(), cluster.getMetadata().getUid()));
    }

    private ClusterView view(PostgresCluster cluster, ObservedCluster observed, Instant now) {
        return new ClusterView(cluster, observed, settings, timeouts, now);
    }

    private OwnedCaches<PostgresCluster> caches() {
        return Objects.requireNonNull(caches, "the event sources are prepared before the first reconciliation");
    }

    /** Nobody is told of what happens in a namespace that is being deleted: it takes no new events. */
    private void record(Context<?> context, PostgresCluster cluster, List<EventMessage> messages, Instant now) {
        if (messages.isEmpty()
                || !Namespaces.active(context.getClient(), cluster.getMetadata().getNamespace())) {
            return;
        }
        messages.forEach(message -> events.record(cluster, message, now));
    }
}

package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabasePhase;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresDatabaseStatus;
import com.smoketurner.postgres.kube.Applier;
import com.smoketurner.postgres.kube.ClusterDirectory;
import com.smoketurner.postgres.kube.StatusWriter;
import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.reconcile.Conditions;
import com.smoketurner.postgres.reconcile.ErrorText;
import com.smoketurner.postgres.reconcile.SpecOrMetadataChanged;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
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

/** Brings a database, its roles, privileges and extensions to what a PostgresDatabase says, and its Secrets to what is valid. */
@ControllerConfiguration(
        name = "postgresdatabase",
        fieldManager = ApiGroup.FIELD_MANAGER,
        finalizerName = ApiGroup.DATABASE_FINALIZER,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = SpecOrMetadataChanged.class, informerListLimit = OwnedCaches.PAGE),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 10, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 5_000, intervalMultiplier = 2, maxInterval = 300_000)
public final class DatabaseReconciler implements Reconciler<PostgresDatabase>, Cleaner<PostgresDatabase> {

    private static final String BY_CLUSTER = "cluster";

    /** Longer than a turn takes: only when nobody has told that it is over. */
    private static final Duration TURN = Duration.ofSeconds(15);

    /** A table that somebody has yet to create. */
    private static final Duration MISSING_OBJECT = Duration.ofMinutes(1);

    /** After a change it is seen whether the server agrees. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(30);

    private static final Duration SHORTEST_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final DatabaseWork work;
    private final DatabaseCleanup cleanup;
    private final DatabaseEvents events;
    private final ClusterDirectory clusters;
    private final Turns turns;
    private final AtRest rest;
    private final Clock clock;
    private final StatusWriter<PostgresDatabaseStatus, PostgresDatabase> statuses =
            new StatusWriter<>(PostgresDatabase::new);
    private final SimpleInboundEventSource<PostgresDatabase> wakeups = new SimpleInboundEventSource<>("wakeups");
    private @Nullable OwnedCaches<PostgresDatabase> caches;
    private @Nullable IndexerResourceCache<PostgresDatabase> databases;

    DatabaseReconciler(
            DatabaseWork work,
            DatabaseCleanup cleanup,
            DatabaseEvents events,
            ClusterDirectory clusters,
            Turns turns,
            AtRest rest,
            Clock clock) {
        this.work = work;
        this.cleanup = cleanup;
        this.events = events;
        this.clusters = clusters;
        this.turns = turns;
        this.rest = rest;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, PostgresDatabase>> prepareEventSources(EventSourceContext<PostgresDatabase> context) {
        databases = context.getPrimaryCache();
        databases.addIndexer(BY_CLUSTER, database -> List.of(clusterOf(database)));
        caches = new OwnedCaches<>(context, Labels.DATABASE, Labels.DATABASE, id -> {}).watch(Secret.class);
        clusters.tell(cluster -> {
            work.forget(cluster);
            of(cluster.getNamespace().orElse("") + "/" + cluster.getName())
                    .forEach(database -> wakeups.propagateEvent(ResourceID.fromResource(database)));
        });
        turns.wakeBy(wakeups::propagateEvent);
        return Stream.concat(caches.eventSources().stream(), Stream.of(wakeups)).toList();
    }

    /** The resources that refer to a cluster, given as {@code namespace/name}. */
    private List<PostgresDatabase> of(String cluster) {
        return Objects.requireNonNull(databases).byIndex(BY_CLUSTER, cluster);
    }

    /** Those of the same cluster that it accepts: nobody blocks a name by naming a cluster. */
    private List<PostgresDatabase> accepted(PostgresDatabase database, ServedCluster.Look look) {
        return look instanceof ServedCluster.Serving(ServedCluster served)
                ? of(clusterOf(database)).stream()
                        .filter(other -> ServedCluster.permitted(
                                served.cluster(), other.getMetadata().getNamespace()))
                        .toList()
                : List.of();
    }

    private boolean known(ResourceID id) {
        return Objects.requireNonNull(databases).get(id).isPresent();
    }

    private static String clusterOf(PostgresDatabase database) {
        String namespace = database.getSpec().clusterRef().namespace();
        return (namespace != null ? namespace : database.getMetadata().getNamespace()) + "/"
                + database.getSpec().clusterRef().name();
    }

    @Override
    public UpdateControl<PostgresDatabase> reconcile(PostgresDatabase database, Context<PostgresDatabase> context) {
        ServedCluster.Look look = ServedCluster.of(database, clusters::find);
        return switch (look) {
            case ServedCluster.Away(DatabaseReason reason, String message) -> {
                rest.leave(ResourceID.fromResource(database));
                yield publish(database, context, Attempt.waiting(look, message));
            }
            case ServedCluster.Serving(ServedCluster served) -> {
                String uid = served.cluster().getMetadata().getUid();
                if (!turns.begin(uid, ResourceID.fromResource(database))) {
                    yield UpdateControl.<PostgresDatabase>noUpdate().rescheduleAfter(TURN);
                }
                try {
                    yield inTurn(database, context, served);
                } finally {
                    turns.end(uid);
                }
            }
        };
    }

    private UpdateControl<PostgresDatabase> inTurn(
            PostgresDatabase database, Context<PostgresDatabase> context, ServedCluster served) {
        ResourceID id = ResourceID.fromResource(database);
        String key = key(database, served);
        if (rest.holds(id, key, clock.instant()) && agrees(id, served)) {
            return UpdateControl.<PostgresDatabase>noUpdate().rescheduleAfter(LONGEST_RETRY);
        }
        rest.leave(id);
        announce(database, context);
        Attempt attempt = attempt(database, context, served);
        UpdateControl<PostgresDatabase> next = publish(database, context, attempt);
        if (attempt.complete()) {
            attempt.rest().ifPresent(agreed -> rest.enter(id, uid(served), key, agreed, clock.instant()));
        }
        return next;
    }

    /** All that makes it necessary to compare a resource with its server again. */
    private String key(PostgresDatabase database, ServedCluster served) {
        return String.join(
                " ",
                String.valueOf(database.getMetadata().getGeneration()),
                String.valueOf(database.getMetadata().getAnnotations()),
                uid(served),
                clusters.state(served.cluster()),
                Objects.requireNonNull(caches).list(Secret.class, database).stream()
                        .map(secret -> secret.getMetadata().getUid()
                                + secret.getMetadata().getResourceVersion())
                        .toList()
                        .toString());
    }

    private boolean agrees(ResourceID id, ServedCluster served) {
        Instant now = clock.instant();
        Optional<Boolean> known = rest.unchanged(id, uid(served), now);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            rest.look(uid(served), work.sql(served), now);
        } catch (SqlFailed e) {
            return false;
        }
        return rest.unchanged(id, uid(served), now).orElse(false);
    }

    private static String uid(ServedCluster served) {
        return served.cluster().getMetadata().getUid();
    }

    private Attempt attempt(PostgresDatabase database, Context<PostgresDatabase> context, ServedCluster served) {
        OwnedCaches<PostgresDatabase> known = Objects.requireNonNull(caches);
        return work.run(
                database,
                served,
                accepted(database, new ServedCluster.Serving(served)),
                this::known,
                known.list(Secret.class, database),
                new Applier(context, known, database.getMetadata().getUid()));
    }

    /** Says that a new spec is being carried out. */
    private void announce(PostgresDatabase database, Context<PostgresDatabase> context) {
        PostgresDatabaseStatus status = database.getStatus();
        if (DatabaseStatuses.worthAnnouncing(
                status, Objects.requireNonNullElse(database.getMetadata().getGeneration(), 0L))) {
            PostgresDatabaseStatus begun = DatabaseStatuses.begun(database);
            statuses.write(context, database, begun);
            database.setStatus(begun);
        }
    }

    private UpdateControl<PostgresDatabase> publish(
            PostgresDatabase database, Context<PostgresDatabase> context, Attempt attempt) {
        Instant now = clock.instant();
        PostgresDatabaseStatus status = DatabaseStatuses.of(database, attempt, now);
        if (status.phase() == DatabasePhase.FAILED) {
            events.failed(database, status);
        }
        statuses.write(context, database, status);
        return UpdateControl.<PostgresDatabase>noUpdate().rescheduleAfter(next(attempt, status, now));
    }

    private static Duration next(Attempt attempt, PostgresDatabaseStatus status, Instant now) {
        if (attempt.complete()) {
            return attempt.rest().isPresent() ? LONGEST_RETRY : SECOND_LOOK;
        }
        if (attempt.cluster() instanceof ServedCluster.Away) {
            return LONGEST_RETRY;
        }
        if (attempt.away().isEmpty()
                && attempt.problems().stream()
                        .allMatch(problem -> problem.reason() == DatabaseReason.OBJECT_NOT_FOUND)) {
            return MISSING_OBJECT;
        }
        Duration since = Conditions.lasted(status.conditions(), DatabaseConditionType.READY.label(), false, now);
        return since.compareTo(SHORTEST_RETRY) < 0
                ? SHORTEST_RETRY
                : since.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : since;
    }

    @Override
    public DeleteControl cleanup(PostgresDatabase database, Context<PostgresDatabase> context) {
        rest.leave(ResourceID.fromResource(database));
        ServedCluster.Look look = ServedCluster.of(database, clusters::find);
        Optional<String> obstacle = cleanup.run(database, look, accepted(database, look));
        if (obstacle.isEmpty()) {
            return DeleteControl.defaultDelete();
        }
        statuses.write(context, database, DatabaseStatuses.deleting(database, obstacle));
        return DeleteControl.noFinalizerRemoval().rescheduleAfter(SHORTEST_RETRY);
    }

    /** A passing cause is retried; the phase stays as it is, and the error can be read until it is over. */
    @Override
    public ErrorStatusUpdateControl<PostgresDatabase> updateErrorStatus(
            PostgresDatabase database, Context<PostgresDatabase> context, Exception error) {
        statuses.write(context, database, DatabaseStatuses.failed(database, ErrorText.of(error)));
        return ErrorStatusUpdateControl.noStatusUpdate();
    }
}

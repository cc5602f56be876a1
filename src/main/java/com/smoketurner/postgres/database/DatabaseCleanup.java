package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseEventReason;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.DeletionPolicy;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.database.plan.Claims;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * What a deletion leaves. By default the server keeps all that it has, and the garbage collector takes the generated Secrets.
 * With {@code deletionPolicy: Delete} it is tried for some minutes: a deletion never hangs.
 */
@Singleton
final class DatabaseCleanup {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final DatabaseWork work;
    private final DatabaseEvents events;
    private final Turns turns;
    private final Clock clock;

    DatabaseCleanup(DatabaseWork work, DatabaseEvents events, Turns turns, Clock clock) {
        this.work = work;
        this.events = events;
        this.turns = turns;
        this.clock = clock;
    }

    /**
     * Drops what is to be dropped.
     *
     * @param others the PostgresDatabases of the same cluster
     * @return why that is not done yet; absent when the resource may go
     */
    Optional<String> run(PostgresDatabase database, ServedCluster.Look look, Collection<PostgresDatabase> others) {
        if (database.getSpec().deletionPolicyOrDefault() == DeletionPolicy.RETAIN) {
            return Optional.empty();
        }
        Optional<String> obstacle = switch (look) {
            case ServedCluster.Away(DatabaseReason reason, String message) -> away(database, reason, message);
            case ServedCluster.Serving(ServedCluster served) ->
                drop(database, served, Claims.of(database, others).live());
        };
        if (obstacle.isPresent() && overdue(database)) {
            events.record(
                    database, DatabaseEventReason.DELETION_INCOMPLETE, "not everything was dropped: " + obstacle.get());
            return Optional.empty();
        }
        return obstacle;
    }

    private Optional<String> away(PostgresDatabase database, DatabaseReason reason, String message) {
        if (reason == DatabaseReason.CLUSTER_REF_NOT_PERMITTED) {
            events.record(database, DatabaseEventReason.DELETION_INCOMPLETE, "nothing was dropped: " + message);
        }
        return reason == DatabaseReason.CLUSTER_NOT_READY ? Optional.of(message) : Optional.empty();
    }

    private boolean overdue(PostgresDatabase database) {
        return Instant.parse(database.getMetadata().getDeletionTimestamp())
                .plus(LIMIT)
                .isBefore(clock.instant());
    }

    private Optional<String> drop(PostgresDatabase database, ServedCluster served, Set<String> live) {
        String uid = served.cluster().getMetadata().getUid();
        if (!turns.begin(uid, ResourceID.fromResource(database))) {
            return Optional.of("another database of the cluster is being changed");
        }
        try {
            Dropping.Result result = Dropping.run(work.sql(served), Claims.id(database), live);
            if (result.dropped().isPresent()) {
                events.record(
                        database,
                        DatabaseEventReason.DATABASE_DROPPED,
                        "database \"%s\" was dropped".formatted(result.dropped().get()));
            }
            if (result.obstacle().isEmpty() && !result.kept().isEmpty()) {
                events.record(database, DatabaseEventReason.DELETION_INCOMPLETE, String.join("; ", result.kept()));
            }
            return result.obstacle();
        } catch (SqlFailed e) {
            return Optional.of(e.words());
        } finally {
            turns.end(uid);
        }
    }
}

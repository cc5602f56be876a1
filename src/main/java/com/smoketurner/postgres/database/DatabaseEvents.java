package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseEventReason;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresDatabaseStatus;
import com.smoketurner.postgres.database.plan.Change;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/** Tells what was made for a PostgresDatabase, and what was not. */
@Singleton
final class DatabaseEvents {

    private final EventRecorder events;
    private final Clock clock;

    DatabaseEvents(EventRecorder events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** Tells of changes in the server, and of new Secrets. */
    void made(PostgresDatabase database, List<Change> changes, List<String> secrets) {
        long privileges = 0;
        for (Change change : changes) {
            switch (change) {
                case Change.CreateRole role ->
                    record(
                            database,
                            DatabaseEventReason.ROLE_CREATED,
                            "role \"%s\" was created".formatted(role.role()));
                case Change.CreateDatabase created ->
                    record(
                            database,
                            DatabaseEventReason.DATABASE_CREATED,
                            "database \"%s\" was created".formatted(created.name()));
                case Change.SetPassword password ->
                    record(
                            database,
                            DatabaseEventReason.PASSWORD_ROTATED,
                            "role \"%s\" has the password of its Secret".formatted(password.role()));
                case Change.Grant grant -> privileges++;
                case Change.Revoke revoke -> privileges++;
                case Change.GrantDefault grant -> privileges++;
                case Change.RevokeDefault revoke -> privileges++;
                default -> {}
            }
        }
        if (privileges > 0) {
            record(
                    database,
                    DatabaseEventReason.GRANTS_APPLIED,
                    "privileges in database \"%s\" are as the spec says"
                            .formatted(database.getSpec().database().name()));
        }
        secrets.forEach(
                name -> record(database, DatabaseEventReason.SECRET_CREATED, "new credentials are in Secret " + name));
    }

    /** Tells of a problem that was not shown before. */
    void failed(PostgresDatabase database, PostgresDatabaseStatus status) {
        String before =
                database.getStatus() == null ? null : database.getStatus().lastError();
        String now = status.lastError();
        if (now != null && !Objects.equals(before, now)) {
            record(database, DatabaseEventReason.PROVISIONING_FAILED, now);
        }
    }

    void record(PostgresDatabase database, DatabaseEventReason reason, String message) {
        events.record(database, new EventMessage(reason.warning(), reason.label(), message), clock.instant());
    }
}

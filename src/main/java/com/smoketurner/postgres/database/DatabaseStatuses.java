package com.smoketurner.postgres.database;

import static com.smoketurner.postgres.api.DatabaseConditionType.CLUSTER_READY;
import static com.smoketurner.postgres.api.DatabaseConditionType.DATABASE_CREATED;
import static com.smoketurner.postgres.api.DatabaseConditionType.EXTENSIONS_CREATED;
import static com.smoketurner.postgres.api.DatabaseConditionType.GRANTS_APPLIED;
import static com.smoketurner.postgres.api.DatabaseConditionType.READY;
import static com.smoketurner.postgres.api.DatabaseConditionType.ROLES_CREATED;
import static com.smoketurner.postgres.api.DatabaseConditionType.SECRETS_CREATED;

import com.smoketurner.postgres.api.AppliedGrant;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.DatabaseBinding;
import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.DatabaseConnectionInfo;
import com.smoketurner.postgres.api.DatabasePhase;
import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.GrantSpec;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.api.PostgresDatabaseStatus;
import com.smoketurner.postgres.database.plan.Problem;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The status of a PostgresDatabase, computed from what a reconciliation has come to and from what was shown before. */
final class DatabaseStatuses {

    private static final int PORT = 5432;

    /** What is done in the server, in this order: a part that fails may keep those after it from being looked at. */
    private static final List<DatabaseConditionType> PARTS =
            List.of(ROLES_CREATED, DATABASE_CREATED, EXTENSIONS_CREATED, GRANTS_APPLIED, SECRETS_CREATED);

    private DatabaseStatuses() {}

    /** While the work is under way for a generation that was not processed yet. */
    static PostgresDatabaseStatus begun(PostgresDatabase database) {
        PostgresDatabaseStatus before = before(database);
        return before.toBuilder()
                .phase(Boolean.TRUE.equals(before.provisioned()) ? DatabasePhase.UPDATING : DatabasePhase.CREATING)
                .build();
    }

    /** Whether a spec is new, and the server not known to refuse: otherwise each attempt would be written twice. */
    static boolean worthAnnouncing(@Nullable PostgresDatabaseStatus status, long generation) {
        if (status == null) {
            return true;
        }
        boolean refused = status.phase() == DatabasePhase.PENDING
                && Conditions.find(status.conditions(), CLUSTER_READY.label())
                        .filter(condition -> condition.status().equals("True"))
                        .isPresent();
        return !refused && !Objects.equals(status.observedGeneration(), generation);
    }

    /** After an attempt that could not be ended. */
    static PostgresDatabaseStatus failed(PostgresDatabase database, String error) {
        return before(database).toBuilder().lastError(error).build();
    }

    static PostgresDatabaseStatus deleting(PostgresDatabase database, Optional<String> obstacle) {
        return before(database).toBuilder()
                .phase(DatabasePhase.DELETING)
                .lastError(obstacle.orElse(null))
                .build();
    }

    static PostgresDatabaseStatus of(PostgresDatabase database, Attempt attempt, Instant now) {
        PostgresDatabaseStatus before = before(database);
        long generation = Objects.requireNonNullElse(database.getMetadata().getGeneration(), 0L);
        var builder = before.toBuilder()
                .conditions(conditions(before.conditions(), generation, attempt, now))
                .lastError(error(attempt));
        if (attempt.away().isPresent()) {
            return builder.phase(DatabasePhase.PENDING).build();
        }
        if (attempt.cluster() instanceof ServedCluster.Serving(ServedCluster served)) {
            Names names = Names.of(served.cluster());
            builder.connectionInfo(new DatabaseConnectionInfo(
                    names.host(names.primaryService()),
                    PORT,
                    database.getSpec().database().name()));
        }
        builder.observedGeneration(generation)
                .credentialSecrets(attempt.secrets())
                .secretName(
                        attempt.secrets().isEmpty() ? null : attempt.secrets().getFirst())
                .binding(
                        attempt.secrets().isEmpty()
                                ? null
                                : new DatabaseBinding(attempt.secrets().getFirst()))
                .phase(attempt.complete() ? DatabasePhase.READY : DatabasePhase.FAILED);
        if (attempt.complete()) {
            builder.provisioned(true);
        } else if (before.provisioned() == null) {
            builder.provisioned(false);
        }
        if (attempt.looked().contains(GRANTS_APPLIED)
                && attempt.of(GRANTS_APPLIED).isEmpty()) {
            builder.appliedGrants(database.getSpec().grants().stream()
                    .map(DatabaseStatuses::applied)
                    .distinct()
                    .toList());
        }
        return builder.build();
    }

    private static PostgresDatabaseStatus before(PostgresDatabase database) {
        return Optional.ofNullable(database.getStatus())
                .orElseGet(() -> PostgresDatabaseStatus.builder().build());
    }

    private static AppliedGrant applied(GrantSpec grant) {
        return new AppliedGrant(
                grant.role(),
                grant.effectiveSchema(),
                grant.coversAllTables() ? "ALL" : grant.onTables(),
                grant.privileges(),
                grant.allSequences(),
                grant.allFunctions());
    }

    private static @Nullable String error(Attempt attempt) {
        return attempt.away()
                .or(() -> attempt.ordered().stream().findFirst().map(Problem::message))
                .orElse(null);
    }

    private static List<Condition> conditions(List<Condition> before, long generation, Attempt attempt, Instant now) {
        Conditions conditions = new Conditions(before, generation, now);
        ready(conditions, attempt);
        switch (attempt.cluster()) {
            case ServedCluster.Serving serving ->
                conditions.add(
                        CLUSTER_READY.label(), true, DatabaseReason.CLUSTER_RUNNING.label(), "the cluster serves");
            case ServedCluster.Away(DatabaseReason reason, String message) ->
                conditions.add(CLUSTER_READY.label(), false, reason.label(), message);
        }
        for (DatabaseConditionType part : PARTS) {
            List<Problem> problems = attempt.of(part);
            if (!problems.isEmpty()) {
                conditions.add(part.label(), false, problems.getFirst().reason().label(), text(problems));
            } else if (attempt.looked().contains(part)) {
                conditions.add(part.label(), true, DatabaseReason.DONE.label(), done(part, attempt));
            } else {
                unknown(conditions, before, part, generation);
            }
        }
        return conditions.list();
    }

    private static void ready(Conditions conditions, Attempt attempt) {
        if (attempt.complete()) {
            conditions.add(READY.label(), true, DatabaseReason.READY.label(), "the server agrees with the spec");
        } else if (attempt.away().isPresent()) {
            conditions.add(
                    READY.label(),
                    false,
                    DatabaseReason.WAITING.label(),
                    attempt.away().get());
        } else {
            Problem first = attempt.ordered().getFirst();
            conditions.add(READY.label(), false, first.reason().label(), text(attempt.ordered()));
        }
    }

    /** What was found at the last look stands, as long as it was about this spec. */
    private static void unknown(
            Conditions conditions, List<Condition> before, DatabaseConditionType part, long generation) {
        Conditions.find(before, part.label())
                .filter(shown -> Objects.equals(shown.observedGeneration(), generation))
                .ifPresentOrElse(
                        shown -> conditions.add(
                                part.label(), shown.status().equals("True"), shown.reason(), shown.message()),
                        () -> conditions.add(
                                part.label(),
                                false,
                                DatabaseReason.WAITING.label(),
                                "not compared with this spec yet: a part that comes before is not done"));
    }

    private static String done(DatabaseConditionType part, Attempt attempt) {
        String meaning = part.meaning();
        return part == DATABASE_CREATED && !attempt.notes().isEmpty()
                ? meaning + "; " + String.join("; ", attempt.notes())
                : meaning;
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Problem::message).distinct().collect(Collectors.joining("; "));
    }
}

package com.smoketurner.postgres.database;

import com.smoketurner.postgres.api.DatabaseConditionType;
import com.smoketurner.postgres.api.PostgresDatabase;
import com.smoketurner.postgres.database.plan.Claims;
import com.smoketurner.postgres.database.plan.Problem;
import com.smoketurner.postgres.database.plan.Wanted;
import com.smoketurner.postgres.kube.Applier;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.postgres.PasswordSource;
import com.smoketurner.postgres.postgres.Scram;
import com.smoketurner.postgres.sql.HeldPoolers;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Brings a server to what a PostgresDatabase says. */
@Singleton
final class DatabaseWork {

    private final PodExec exec;
    private final DatabaseRights rights;
    private final DatabaseEvents events;
    private final HeldPoolers poolers;
    private final PasswordSource source = new PasswordSource();

    /** UIDs of clusters whose registry was seen to be there. */
    private final Map<ResourceID, String> prepared = new ConcurrentHashMap<>();

    DatabaseWork(PodExec exec, DatabaseRights rights, DatabaseEvents events, HeldPoolers poolers) {
        this.exec = exec;
        this.rights = rights;
        this.events = events;
        this.poolers = poolers;
    }

    /**
     * Does it.
     *
     * @param others the PostgresDatabases of the same cluster
     * @param known whether there is a PostgresDatabase
     * @param present Secrets that carry the label of this one
     */
    Attempt run(
            PostgresDatabase database,
            ServedCluster cluster,
            Collection<PostgresDatabase> others,
            Predicate<ResourceID> known,
            List<Secret> present,
            Applier applier) {
        DatabaseSecrets secrets = new DatabaseSecrets(database, applier, source, known);
        Wanted wanted = Wanted.of(
                Claims.id(database),
                database.getSpec(),
                rights(database, cluster),
                Claims.of(database, others),
                secrets.passwords());
        var look = new ServedCluster.Serving(cluster);
        Provisioning.Result result;
        try {
            Sql sql = sql(cluster);
            prepare(cluster, sql);
            result = Provisioning.run(sql, wanted, this::verifier, new PooledPasswords(poolers, cluster.cluster()));
        } catch (SqlFailed e) {
            // It may have been restored to a time before the registry was made.
            forget(ResourceID.fromResource(cluster.cluster()));
            return Attempt.waiting(look, "the primary %s cannot be used: %s".formatted(cluster.primary(), e.words()));
        }
        if (!result.serves()) {
            return Attempt.waiting(look, "%s takes no writes".formatted(cluster.primary()));
        }
        List<String> complete = secrets.write(cluster, result.valid(), present);
        events.made(database, result.made(), secrets.created());
        List<Problem> problems = new ArrayList<>(result.problems());
        problems.addAll(secrets.problems());
        Set<DatabaseConditionType> looked = EnumSet.of(DatabaseConditionType.SECRETS_CREATED);
        looked.addAll(result.looked());
        secrets.unusable(result.valid()).ifPresent(problems::add);
        if (problems.stream().anyMatch(problem -> problem.part() == DatabaseConditionType.DATABASE_CREATED)) {
            looked.remove(DatabaseConditionType.SECRETS_CREATED); // They name a database that is not there.
        }
        return new Attempt(
                look,
                Optional.empty(),
                looked,
                problems,
                result.notes(),
                complete,
                result.made().isEmpty() && secrets.created().isEmpty()
                        ? Optional.of(new Attempt.Agreed(result.asked(), result.answer()))
                        : Optional.empty());
    }

    Sql sql(ServedCluster cluster) {
        return new PodSql(exec, cluster.namespace(), cluster.primary());
    }

    private void prepare(ServedCluster cluster, Sql sql) {
        ResourceID id = ResourceID.fromResource(cluster.cluster());
        String uid = cluster.cluster().getMetadata().getUid();
        if (!uid.equals(prepared.get(id))) {
            Provisioning.prepare(sql);
            prepared.put(id, uid);
        }
    }

    /** Forgets what is known of a cluster that has changed, or is gone. */
    void forget(ResourceID cluster) {
        prepared.remove(cluster);
    }

    private String verifier(String password) {
        return Scram.verifier(password, source.salt(Scram.SALT_BYTES), Scram.DEFAULT_ITERATIONS);
    }

    private Wanted.Rights rights(PostgresDatabase database, ServedCluster cluster) {
        boolean adopts = Optional.ofNullable(database.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.ADOPT))
                .filter("true"::equals)
                .isPresent();
        return new Wanted.Rights(cluster.home(), cluster.home() && rights.privileged(), cluster.home() && adopts);
    }
}

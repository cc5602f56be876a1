package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.BackupVerifySpec;
import com.smoketurner.postgres.api.IssuerRef;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.ReplicationMode;
import com.smoketurner.postgres.api.ReplicationSpec;
import com.smoketurner.postgres.api.TlsSpec;
import com.smoketurner.postgres.backup.BackupSchedule;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Outcome.Rejected;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a spec. Admission tells the user earlier and repeats nothing that the schema says; this is the
 * authority, also for objects that were stored before a rule existed.
 */
public final class Validation {

    private Validation() {}

    /** The first thing that the user must change, if any. */
    public static Optional<Rejected> of(PostgresCluster cluster, ObservedCluster observed) {
        PostgresClusterSpec spec = cluster.getSpec();
        return issuer(spec)
                .or(() -> downgrade(spec, cluster.getStatus()))
                .or(() -> shrunk(spec, observed))
                .or(() -> parameters(spec))
                .or(() -> schedule(spec))
                .or(() -> replication(spec))
                .or(() -> NotYetSupported.of(spec));
    }

    private static Optional<Rejected> issuer(PostgresClusterSpec spec) {
        TlsSpec tls = spec.tls();
        boolean missing = tls != null
                && tls.enabledOrDefault()
                && Optional.ofNullable(tls.issuerRef())
                        .map(IssuerRef::name)
                        .filter(name -> !name.isEmpty())
                        .isEmpty();
        return missing
                ? Optional.of(
                        new Rejected(
                                Reason.TLS_ISSUER_NOT_CONFIGURED,
                                "TLS is enabled but no issuer reference is configured. Set spec.tls.issuerRef or spec.tls.enabled: false"))
                : Optional.empty();
    }

    private static Optional<Rejected> downgrade(PostgresClusterSpec spec, @Nullable PostgresClusterStatus status) {
        String running = status == null ? null : status.currentVersion();
        String asked = spec.version();
        return running != null && Integer.parseInt(asked) < Integer.parseInt(running)
                ? Optional.of(new Rejected(
                        Reason.VERSION_DOWNGRADE_NOT_ALLOWED,
                        "PostgreSQL version downgrades are not allowed. Current version: %s, requested: %s"
                                .formatted(running, asked)))
                : Optional.empty();
    }

    private static Optional<Rejected> shrunk(PostgresClusterSpec spec, ObservedCluster observed) {
        return observed.claimSize()
                .filter(size -> size.compareTo(Quantity.parse(spec.storage().size())) > 0)
                .map(size -> new Rejected(
                        Reason.STORAGE_SHRINK_NOT_ALLOWED,
                        "storage.size cannot be decreased; set it back to %s".formatted(size)));
    }

    private static Optional<Rejected> parameters(PostgresClusterSpec spec) {
        return spec.postgresqlParams().keySet().stream()
                .filter(Parameters::isReserved)
                .sorted()
                .findFirst()
                .map(name -> new Rejected(
                        Reason.RESERVED_PARAMETER,
                        "parameter %s is managed by the operator and cannot be set".formatted(name)))
                .or(() -> walLevel(spec));
    }

    private static Optional<Rejected> schedule(PostgresClusterSpec spec) {
        BackupSpec backup = spec.backup();
        if (backup == null) {
            return Optional.empty();
        }
        BackupVerifySpec verify = backup.verify();
        return schedule("backup.schedule", backup.schedule(), backup)
                .or(() -> schedule("backup.verify.schedule", verify == null ? null : verify.schedule(), backup));
    }

    private static Optional<Rejected> schedule(String field, @Nullable String schedule, BackupSpec backup) {
        return schedule != null
                        && BackupSchedule.of(field, schedule, backup.timezoneOrDefault())
                                instanceof Checked.Refused<BackupSchedule>(Reason reason, String message)
                ? Optional.of(new Rejected(reason, message))
                : Optional.empty();
    }

    private static Optional<Rejected> walLevel(PostgresClusterSpec spec) {
        return Parameters.hasSupportedWalLevel(spec.postgresqlParams())
                ? Optional.empty()
                : Optional.of(
                        new Rejected(Reason.RESERVED_PARAMETER, "parameter wal_level can only be logical or replica"));
    }

    private static Optional<Rejected> replication(PostgresClusterSpec spec) {
        ReplicationSpec replication = spec.replicationOrDefault();
        boolean scaledBelow = spec.scalingActive() && spec.minReplicas() < spec.replicasOrDefault();
        int fewest = scaledBelow ? spec.minReplicas() : spec.replicasOrDefault();
        boolean enough =
                replication.modeOrDefault() == ReplicationMode.ASYNC || replication.minSyncOrDefault() < fewest;
        return enough
                ? Optional.empty()
                : Optional.of(new Rejected(
                        Reason.TOO_FEW_REPLICAS,
                        "spec.replication.minSync is %d, so spec.%s must be at least %d and is %d: lower minSync, set mode: async, or keep more members"
                                .formatted(
                                        replication.minSyncOrDefault(),
                                        scaledBelow ? "scaling.minReplicas" : "replicas",
                                        replication.minSyncOrDefault() + 1,
                                        fewest)));
    }
}

package com.smoketurner.postgres.cluster.restore;

import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.NamedSecrets;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.run.Volumes;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;

/**
 * The Secret {@code <c>-restore}, from which the first member learns where the backups are. No pod is started before the
 * source can be read and the volumes are the cluster's own; the Secret goes when the restore is complete.
 */
@Singleton
public final class RestoreSettingsStep implements Step {

    private final NamedSecrets secrets;

    RestoreSettingsStep(NamedSecrets secrets) {
        this.secrets = secrets;
    }

    @Override
    public Part part() {
        return Part.RESTORE_SETTINGS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.spec().restore() == null || complete(run.view())) {
            run.applier()
                    .ensureAbsent(Secret.class, run.namespace(), run.names().restoreSettings());
            return Outcome.DONE;
        }
        List<String> foreign = foreignClaims(run.view());
        if (!foreign.isEmpty()) {
            return new Outcome.Rejected(
                    Reason.RESTORE_TARGET_NOT_EMPTY,
                    "the volume claims %s are older than the cluster, and a restore overwrites no data; delete them with kubectl delete pvc, or give the cluster another name"
                            .formatted(String.join(", ", foreign)));
        }
        return switch (new RestoreSettings(run.view(), secret -> secrets.read(run, secret, true)).secret()) {
            case Checked.Refused<Secret>(var reason, var message) -> new Outcome.Rejected(reason, message);
            case Checked.Accepted<Secret>(Secret secret) -> {
                run.applier().ensure(secret);
                yield Outcome.DONE;
            }
        };
    }

    /** Whether the cluster has been restored: that happens once. */
    static boolean complete(ClusterView view) {
        PostgresClusterStatus status = view.cluster().getStatus();
        return status != null
                && status.restoredFrom() != null
                && status.restoredFrom().restoreTime() != null;
    }

    /** Volume claims that a former cluster of that name has left behind. */
    private static List<String> foreignClaims(ClusterView view) {
        Instant born = Instant.parse(view.cluster().getMetadata().getCreationTimestamp());
        return Volumes.all(view).stream()
                .filter(claim -> Instant.parse(claim.getMetadata().getCreationTimestamp())
                        .isBefore(born))
                .map(Volumes::name)
                .sorted()
                .toList();
    }
}

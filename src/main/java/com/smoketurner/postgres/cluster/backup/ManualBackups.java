package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.ManualBackupStatus;
import com.smoketurner.postgres.backup.BackupIds;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.naming.Annotations;
import java.util.Optional;

/**
 * The backup that a person has requested by the annotation {@code trigger-backup}.
 *
 * @param trigger value of the annotation
 * @param status how far the backup is
 * @param news whether that was not shown before
 */
record ManualBackups(String trigger, ManualBackupStatus status, boolean news) {

    /** A request for which there is no destination. */
    static Optional<ManualBackups> withoutDestination(ClusterView view, BackupStatus before) {
        return view.annotation(Annotations.TRIGGER_BACKUP)
                .map(trigger -> new ManualBackups(
                        trigger, ManualBackupStatus.FAILED, !shown(before, trigger, ManualBackupStatus.FAILED)));
    }

    /** The request, if there is one. */
    static Optional<ManualBackups> of(BackupFacts facts, BackupStatus before) {
        return facts.view().annotation(Annotations.TRIGGER_BACKUP).map(trigger -> {
            ManualBackupStatus status = status(facts, before, trigger);
            return new ManualBackups(trigger, status, !shown(before, trigger, status));
        });
    }

    private static ManualBackupStatus status(BackupFacts facts, BackupStatus before, String trigger) {
        String id = BackupIds.manual(trigger);
        if (shown(before, trigger, ManualBackupStatus.COMPLETED)) {
            return ManualBackupStatus.COMPLETED;
        }
        boolean listed = facts.listing()
                .flatMap((RepositoryListing listing) -> listing.backupOf(id))
                .isPresent();
        Optional<BackupJob> job = facts.lastAttempt(id);
        if (job.isPresent()) {
            return switch (job.get().state()) {
                case RUNNING -> ManualBackupStatus.RUNNING;
                // What the list does not show yet is not complete.
                case SUCCEEDED -> listed ? ManualBackupStatus.COMPLETED : ManualBackupStatus.RUNNING;
                // What a replica could not do the primary does at once.
                case FAILED ->
                    job.get().failedOnReplica() && !shown(before, trigger, ManualBackupStatus.FAILED)
                            ? ManualBackupStatus.RUNNING
                            : ManualBackupStatus.FAILED;
            };
        }
        if (listed) {
            return ManualBackupStatus.COMPLETED;
        }
        ManualBackupStatus former = before.lastManualBackupStatus();
        boolean ended = former == ManualBackupStatus.COMPLETED || former == ManualBackupStatus.FAILED;
        return former != null && ended && trigger.equals(before.lastManualBackupTrigger())
                ? former
                : ManualBackupStatus.PENDING;
    }

    private static boolean shown(BackupStatus before, String trigger, ManualBackupStatus status) {
        return trigger.equals(before.lastManualBackupTrigger()) && status == before.lastManualBackupStatus();
    }
}

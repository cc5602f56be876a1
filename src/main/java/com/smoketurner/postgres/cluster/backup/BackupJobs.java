package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.backup.BackupIds;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Backups that run, ran and will run.
 *
 * @param before what is shown so far
 */
record BackupJobs(BackupFacts facts, BackupStatus before) {

    /** Writes the fields, and the events of what has changed. */
    void write(BackupStatus.Builder fields, StatusDraft draft) {
        fields.currentBackup(facts.running()
                .filter(BackupJob::takesBackup)
                .map(BackupJob::id)
                .orElse(null));
        facts.schedule()
                .ifPresent(schedule -> fields.nextScheduledTime(
                        Conditions.time(schedule.nextDue(facts.view().now()))));
        facts.lastBackupJob().ifPresent(job -> scheduled(job, fields, draft));
        ManualBackups.of(facts, before).ifPresent(manual -> manual(manual, fields, draft));
    }

    private void scheduled(BackupJob job, BackupStatus.Builder fields, StatusDraft draft) {
        Optional<Instant> due = BackupIds.dueTime(job.id());
        due.ifPresent(time -> fields.lastScheduleTime(Conditions.time(time)));
        if (BackupIds.isManual(job.id())) {
            return;
        }
        boolean known = job.id().equals(before.currentBackup());
        boolean former = due.isPresent()
                && before.lastScheduleTime() != null
                && !due.get().isAfter(Instant.parse(before.lastScheduleTime()));
        if (job.running()) {
            if (!known) {
                draft.event(
                        EventReason.BACKUP_STARTED,
                        "a %s backup has begun on %s (%s)".formatted(job.type(), job.place(), job.id()));
            }
        } else if (known || (due.isPresent() && !former)) {
            ended(job, draft, EventReason.BACKUP_COMPLETED, EventReason.BACKUP_FAILED);
        }
    }

    private void manual(ManualBackups manual, BackupStatus.Builder fields, StatusDraft draft) {
        fields.lastManualBackupTrigger(manual.trigger()).lastManualBackupStatus(manual.status());
        if (!manual.news()) {
            return;
        }
        switch (manual.status()) {
            case PENDING -> {
                // Its turn comes when the job before it has ended.
            }
            case RUNNING ->
                draft.event(
                        EventReason.MANUAL_BACKUP_STARTED,
                        "the backup requested by %s has begun%s"
                                .formatted(
                                        manual.trigger(),
                                        attempt(manual)
                                                .map(job -> " on " + job.place())
                                                .orElse("")));
            case COMPLETED, FAILED ->
                attempt(manual)
                        .ifPresent(job -> ended(
                                job, draft, EventReason.MANUAL_BACKUP_COMPLETED, EventReason.MANUAL_BACKUP_FAILED));
        }
    }

    private Optional<BackupJob> attempt(ManualBackups manual) {
        return facts.lastAttempt(BackupIds.manual(manual.trigger()));
    }

    private static void ended(BackupJob job, StatusDraft draft, EventReason completed, EventReason failed) {
        if (job.succeeded()) {
            draft.event(
                    completed, "the %s backup from %s is complete (%s)".formatted(job.type(), job.place(), job.id()));
        } else {
            draft.event(
                    failed,
                    "the %s backup from %s failed (%s): %s"
                            .formatted(
                                    job.type(),
                                    job.place(),
                                    job.id(),
                                    EngineFailure.of(1, Objects.requireNonNullElse(job.error(), ""))
                                            .message()));
        }
    }
}

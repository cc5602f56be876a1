package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.Backup;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.ArchiveReport;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Base backups and WAL archiving: what there is, which times a restore can reach, and what fails. */
public final class BackupSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        BackupStatus before = Objects.requireNonNullElseGet(
                draft.before().backup(), () -> BackupStatus.builder().build());
        if (!report.view().spec().backupConfigured()) {
            notConfigured(report, draft, before);
            return;
        }
        BackupFacts facts = BackupFacts.of(report.view(), report.repository());
        BackupStatus.Builder fields = before.toBuilder();
        destination(report, fields);
        archive(facts, fields);
        facts.listing().ifPresent(listing -> listed(facts, listing, fields));
        new BackupJobs(facts, before).write(fields, draft);
        errors(facts, before, fields, report.view().now());
        condition(report, facts, draft);
        events(draft);
        draft.fields().backup(fields.build());
    }

    private static void notConfigured(ClusterReport report, StatusDraft draft, BackupStatus before) {
        draft.condition(
                ConditionType.BACKUP_HEALTHY, false, Reason.BACKUP_NOT_CONFIGURED, "spec.backup names no destination");
        BackupStatus.Builder fields = BackupStatus.builder().enabled(false);
        ManualBackups.withoutDestination(report.view(), before).ifPresent(refused -> {
            fields.lastManualBackupTrigger(refused.trigger()).lastManualBackupStatus(refused.status());
            if (refused.news()) {
                draft.event(
                        EventReason.MANUAL_BACKUP_FAILED, "no backup can be taken: spec.backup.destination is not set");
            }
        });
        boolean interesting =
                report.view().spec().backup() != null || draft.before().backup() != null;
        draft.fields().backup(interesting || fields.build().lastManualBackupTrigger() != null ? fields.build() : null);
    }

    private static void destination(ClusterReport report, BackupStatus.Builder fields) {
        BackupSpec backup = Objects.requireNonNull(report.view().spec().backup());
        var destination = Objects.requireNonNull(backup.destination()).flat();
        fields.enabled(report.outcome(Part.BACKUP_SETTINGS, Outcome.Rejected.class)
                        .isEmpty())
                .destinationType(
                        destination.type() == null ? null : destination.type().label())
                .path(BackupFacts.path(report.view()).orElse(null));
    }

    private static void archive(BackupFacts facts, BackupStatus.Builder fields) {
        Optional<ArchiveReport> archive = facts.archive();
        archive.filter(report -> report.last() != null)
                .ifPresent(report -> fields.lastWalArchived(report.last()).lastWalArchiveTime(time(report.lastAt())));
        fields.walArchivingHealthy(facts.archiving()
                && facts.claimed()
                && archive.filter(facts::healthy).isPresent());
    }

    private static void listed(BackupFacts facts, RepositoryListing listing, BackupStatus.Builder fields) {
        List<Backup> backups = listing.usable();
        Optional<Backup> newest = listing.newest();
        fields.backupCount(backups.size())
                .lastBackupName(newest.map(Backup::name).orElse(null))
                .lastBackupTime(newest.map(backup -> time(backup.stopped())).orElse(null))
                .lastBackupSizeBytes(newest.map(Backup::bytes).orElse(null))
                .oldestBackupTime(backups.stream()
                        .map(Backup::stopped)
                        .min(Comparator.naturalOrder())
                        .map(BackupSection::time)
                        .orElse(null))
                .recoveryWindowStart(time(facts.windowStart().orElse(null)))
                .recoveryWindowEnd(time(facts.windowEnd().orElse(null)));
    }

    private static void errors(BackupFacts facts, BackupStatus before, BackupStatus.Builder fields, Instant now) {
        Optional<String> error = facts.error();
        boolean same = error.filter(text -> text.equals(before.lastError())).isPresent();
        fields.lastError(error.orElse(null))
                .lastErrorTime(
                        same
                                ? before.lastErrorTime()
                                : error.map(text -> time(now)).orElse(null));
    }

    private static void condition(ClusterReport report, BackupFacts facts, StatusDraft draft) {
        Optional<Outcome.Rejected> rejected = report.outcome(Part.BACKUP_SETTINGS, Outcome.Rejected.class)
                .or(() -> report.outcome(Part.BACKUP, Outcome.Rejected.class));
        Optional<EngineFailure> failure = facts.failure();
        if (rejected.isPresent()) {
            unhealthy(draft, rejected.get().reason(), rejected.get().message());
        } else if (!facts.archiving()) {
            unhealthy(
                    draft,
                    Reason.WAL_ARCHIVING_DISABLED,
                    "spec.backup.walArchiving.enabled is false: no base backup is taken, because none can be restored without its WAL");
        } else if (!facts.claimed() && failure.isEmpty()) {
            unhealthy(
                    draft,
                    Reason.CLAIMING_REPOSITORY,
                    "the operator is finding out whether the prefix in the bucket is free; WAL waits until then");
        } else if (!facts.claimed()) {
            unhealthy(
                    draft,
                    Reason.LAST_BACKUP_FAILED,
                    facts.error().orElse(failure.get().message()));
        } else if (facts.archive().filter(archive -> !facts.healthy(archive)).isPresent()) {
            unhealthy(draft, Reason.WAL_ARCHIVING_FAILED, facts.archiveTrouble());
        } else if (failure.isPresent()) {
            unhealthy(
                    draft,
                    Reason.LAST_BACKUP_FAILED,
                    facts.error().orElse(failure.get().message()));
        } else if (facts.listing().isEmpty()
                && draft.shown(ConditionType.BACKUP_HEALTHY).isPresent()) {
            draft.keep(draft.shown(ConditionType.BACKUP_HEALTHY).get()); // Nothing new is known.
        } else if (facts.noBackupYet()) {
            unhealthy(draft, Reason.NO_BACKUP_YET, facts.noBackup());
        } else if (facts.overdue()) {
            unhealthy(draft, Reason.BACKUP_OVERDUE, facts.overdueText());
        } else {
            draft.condition(ConditionType.BACKUP_HEALTHY, true, Reason.BACKUPS_HEALTHY, facts.healthyText());
        }
    }

    private static void unhealthy(StatusDraft draft, Reason reason, String message) {
        draft.condition(ConditionType.BACKUP_HEALTHY, false, reason, message);
    }

    private static void events(StatusDraft draft) {
        boolean failedBefore = draft.shown(ConditionType.BACKUP_HEALTHY)
                .filter(shown -> StatusDraft.has(shown, Reason.WAL_ARCHIVING_FAILED))
                .isPresent();
        draft.written(ConditionType.BACKUP_HEALTHY).ifPresent(now -> {
            boolean fails = StatusDraft.has(now, Reason.WAL_ARCHIVING_FAILED);
            if (fails && !failedBefore) {
                draft.event(EventReason.WAL_ARCHIVING_FAILED, now.message());
            } else if (failedBefore && !fails) {
                draft.event(EventReason.WAL_ARCHIVING_HEALTHY, "WAL is archived again");
            }
            boolean overdueBefore = draft.shown(ConditionType.BACKUP_HEALTHY)
                    .filter(shown -> StatusDraft.has(shown, Reason.BACKUP_OVERDUE))
                    .isPresent();
            if (StatusDraft.has(now, Reason.BACKUP_OVERDUE) && !overdueBefore) {
                draft.event(EventReason.BACKUP_OVERDUE, now.message());
            }
        });
    }

    private static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : Conditions.time(at);
    }
}

package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.BackupStatus;
import com.smoketurner.postgres.api.ManualBackupStatus;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.backup.Backup;
import com.smoketurner.postgres.backup.BackupIds;
import com.smoketurner.postgres.backup.BackupSchedule;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.BackupJob;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.naming.Annotations;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Which backup is to be started now, as a function of what is in the repository, of the last job and of the time.
 *
 * @param facts of a cluster whose repository has been listed
 */
record NextBackup(BackupFacts facts) {

    /** After a failure: this, then twice as long each time, until the next due time. */
    private static final Duration RETRY = Duration.ofMinutes(5);

    private static final int LONGEST_RETRY_POWER = 5;

    /**
     * A backup to start.
     *
     * @param id of the job
     * @param at when; now or earlier means now
     * @param failed the attempt on a replica that it takes the place of, on the primary
     */
    record Start(String id, Instant at, Optional<BackupJob> failed) {

        Start(String id, Instant at) {
            this(id, at, Optional.empty());
        }
    }

    /** The backup that comes next, due or not; nothing where the schedule is not valid and nobody requests one. */
    Optional<Start> next() {
        return manual().or(this::beforeUpgrade).or(this::first).or(this::scheduled);
    }

    /** A full one, unless deltas are enabled and the newest full backup may have one more. */
    String type() {
        BackupSpec spec = spec();
        List<Backup> usable = listing().usable();
        Optional<Backup> full = usable.stream().filter(Backup::full).reduce((a, b) -> b);
        if (!spec.enableDeltaBackupsOrDefault() || full.isEmpty() || foreign(full.get())) {
            return "full";
        }
        long deltas = usable.stream()
                .filter(backup -> backup.needs().contains(full.get().name()))
                .count();
        return deltas < spec.deltaMaxStepsOrDefault() ? "delta" : "full";
    }

    private Optional<Start> manual() {
        return view().annotation(Annotations.TRIGGER_BACKUP)
                .filter(trigger -> !over(trigger)
                        && listing().backupOf(BackupIds.manual(trigger)).isEmpty())
                .flatMap(this::manual);
    }

    private Optional<Start> manual(String trigger) {
        String first = BackupIds.manual(trigger);
        Optional<BackupJob> last = facts.lastAttempt(first);
        if (last.isEmpty()) {
            return Optional.of(new Start(first, view().now()));
        }
        int attempt = BackupIds.attemptOf(last.get().id(), first).orElseThrow();
        return last.filter(BackupJob::failedOnReplica)
                .map(job -> new Start(BackupIds.manual(trigger, attempt + 1), view().now(), last));
    }

    private boolean over(String trigger) {
        BackupStatus shown = shown();
        return shown != null
                && trigger.equals(shown.lastManualBackupTrigger())
                && (shown.lastManualBackupStatus() == ManualBackupStatus.COMPLETED
                        || shown.lastManualBackupStatus() == ManualBackupStatus.FAILED);
    }

    /** One that waits for a backup takes one. */
    private Optional<Start> beforeUpgrade() {
        return view().cluster()
                .versionUpgrade()
                .filter(upgrade -> upgrade.state() == VersionUpgradeState.BACKING_UP)
                .flatMap(upgrade -> attempts(attempt -> BackupIds.first(upgrade.id(), attempt), view().now()));
    }

    /**
     * A cluster that was restored has no backup of its own history, one whose key was replaced none that it can read, and one of
     * another major version none of that.
     */
    private Optional<Start> first() {
        PostgresClusterStatus status = view().cluster().getStatus();
        boolean restored = status != null && status.restoredFrom() != null;
        boolean secondKey = BackupFacts.path(view())
                .filter(path -> path.matches(".*/k-[0-9a-f]{8}/\\d+"))
                .isPresent();
        boolean upgraded = view().cluster()
                .versionUpgrade()
                .filter(upgrade -> upgrade.to().equals(view().cluster().runningMajor()))
                .isPresent();
        if ((!restored && !secondKey && !upgraded)
                || listing().usable().stream().anyMatch(backup -> !foreign(backup))) {
            return Optional.empty();
        }
        String occasion = view().cluster().getMetadata().getUid()
                + BackupFacts.path(view()).orElse("");
        return attempts(attempt -> BackupIds.first(occasion, attempt), view().now());
    }

    private boolean foreign(Backup backup) {
        return !view().cluster().getMetadata().getUid().equals(backup.cluster());
    }

    /** The last due time is made up once if it was missed; a backup that was taken since then, for whatever reason, does for it. */
    private Optional<Start> scheduled() {
        return facts.schedule().flatMap(schedule -> {
            Instant due = schedule.lastDue(view().now());
            Instant next = begin(schedule, schedule.nextDue(view().now()));
            if (due.isBefore(counted()) || done(due)) {
                return Optional.of(new Start(BackupIds.scheduled(schedule.nextDue(view().now()), 1), next));
            }
            return attempts(attempt -> BackupIds.scheduled(due, attempt), begin(schedule, due))
                    .map(start -> start.at().isAfter(next)
                            ? new Start(BackupIds.scheduled(schedule.nextDue(view().now()), 1), next)
                            : start);
        });
    }

    /** Due times count from the creation of the cluster on. */
    private Instant counted() {
        return Instant.parse(view().cluster().getMetadata().getCreationTimestamp());
    }

    private boolean done(Instant due) {
        return listing().usable().stream()
                .anyMatch(backup -> !foreign(backup) && !backup.started().isBefore(due));
    }

    private Instant begin(BackupSchedule schedule, Instant due) {
        return due.plus(schedule.jitter(view().cluster().getMetadata().getUid(), due));
    }

    /**
     * The next attempt: the first at that time, a later one some time after the failure of the one before, or at once where that
     * was a replica's.
     */
    private Optional<Start> attempts(IntFunction<String> id, Instant at) {
        Optional<BackupJob> last = facts.lastAttempt(id.apply(1));
        if (last.isEmpty()) {
            return Optional.of(new Start(id.apply(1), at));
        }
        if (!last.get().failed()) {
            return Optional.empty(); // It runs, or its backup will be in the next listing.
        }
        int attempt = BackupIds.attemptOf(last.get().id(), id.apply(1)).orElseThrow();
        Instant ended = Objects.requireNonNullElse(last.get().endedAt(), view().now());
        if (last.get().failedOnReplica()) {
            return Optional.of(new Start(id.apply(attempt + 1), Collections.max(List.of(at, ended)), last));
        }
        Duration pause = RETRY.multipliedBy(1L << Math.min(attempt - 1, LONGEST_RETRY_POWER));
        return Optional.of(new Start(id.apply(attempt + 1), Collections.max(List.of(at, ended.plus(pause)))));
    }

    private RepositoryListing listing() {
        return facts.listing().orElseThrow();
    }

    private ClusterView view() {
        return facts.view();
    }

    private BackupSpec spec() {
        return Objects.requireNonNull(view().spec().backup());
    }

    private @Nullable BackupStatus shown() {
        PostgresClusterStatus status = view().cluster().getStatus();
        return status == null ? null : status.backup();
    }
}

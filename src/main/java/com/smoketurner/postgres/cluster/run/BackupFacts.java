package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.backup.Backup;
import com.smoketurner.postgres.backup.BackupSchedule;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.EngineFailure;
import com.smoketurner.postgres.backup.RecoveryWindow;
import com.smoketurner.postgres.backup.RepositoryFolder;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.backup.StoreLocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of the backups of a cluster with a destination: from its pods, and from its repository.
 *
 * @param listing of the repository; absent while it has not been read
 * @param unreadable why it could not be read the last time; absent when it could
 */
public record BackupFacts(ClusterView view, Optional<RepositoryListing> listing, Optional<EngineFailure> unreadable) {

    /** WAL that waits for longer than this is trouble, unless archive_timeout is long. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int INTERVALS = 2;

    /** The facts of a cluster whose spec has a destination. */
    public static BackupFacts of(ClusterView view, Optional<RepositoryListing.Answer> answer) {
        Optional<RepositoryListing> listing = answer.filter(RepositoryListing.Answer.Listed.class::isInstance)
                .map(listed -> ((RepositoryListing.Answer.Listed) listed).listing());
        Optional<EngineFailure> failure = answer.filter(RepositoryListing.Answer.Failed.class::isInstance)
                .map(failed -> ((RepositoryListing.Answer.Failed) failed).failure());
        return new BackupFacts(view, listing, failure);
    }

    /** The prefix in the bucket, with the major version; nothing before the pods are told one. */
    public static Optional<String> path(ClusterView view) {
        return SecretText.of(view.observed().backupSettings(), RepositoryFolder.PATH)
                .map(path -> path + "/" + view.spec().version());
    }

    /** Whether the repository is known to belong to this cluster; nothing is archived before. */
    public boolean claimed() {
        return SecretText.of(view.observed().backupSettings(), RepositoryFolder.CLAIMED)
                .isPresent();
    }

    /** Whether WAL is to be archived. */
    public boolean archiving() {
        return view.spec().walArchived();
    }

    /** What the member that writes WAL reports of archiving; nothing before its first report. */
    public Optional<ArchiveReport> archive() {
        return view.observed().leaderMember().map(Member::archive);
    }

    /** Whether archiving works and keeps up. */
    public boolean healthy(ArchiveReport report) {
        return !report.failing() && !late(report);
    }

    private boolean late(ArchiveReport report) {
        Duration twice =
                Duration.ofSeconds(2L * ArchiveTimeout.seconds(view.spec().postgresqlParams()));
        Duration limit = twice.compareTo(PATIENCE) > 0 ? twice : PATIENCE;
        return report.waitingSince() != null
                && view.now().isAfter(report.waitingSince().plus(limit));
    }

    /** What is wrong with archiving, for a person. */
    public String archiveTrouble() {
        ArchiveReport report = archive().orElseThrow();
        String waiting = "%d WAL files wait to be archived%s"
                .formatted(
                        report.waiting(),
                        report.waitingSince() == null ? "" : ", the oldest since " + report.waitingSince());
        return report.failing()
                ? "WAL is not archived: %s; %s, and they fill the volume"
                        .formatted(
                                EngineFailure.of(1, Objects.requireNonNullElse(report.error(), ""))
                                        .message(),
                                waiting)
                : waiting;
    }

    /** The last job that takes or took a backup. */
    public Optional<BackupJob> lastBackupJob() {
        return jobs().filter(BackupJob::takesBackup).max(Comparator.comparing(BackupFacts::started));
    }

    /** A job that runs. */
    public Optional<BackupJob> running() {
        return jobs().filter(BackupJob::running).max(Comparator.comparing(BackupFacts::started));
    }

    /** All jobs that members report. */
    public Stream<BackupJob> jobs() {
        return view.observed().members().stream()
                .filter(member -> !member.terminating())
                .map(Member::backupJob)
                .filter(Objects::nonNull);
    }

    private static Instant started(BackupJob job) {
        return Objects.requireNonNullElse(job.startedAt(), Instant.EPOCH);
    }

    /** Why the last backup failed; nothing when it succeeded or a later one is in the repository. */
    public Optional<EngineFailure> failedBackup() {
        return lastBackupJob()
                .filter(BackupJob::failed)
                .filter(job -> newest().filter(backup -> backup.stopped().isAfter(started(job)))
                        .isEmpty())
                .map(job -> EngineFailure.of(1, Objects.requireNonNullElse(job.error(), "")));
    }

    /** Why backups are not as they should be, apart from archiving. */
    public Optional<EngineFailure> failure() {
        return failedBackup().or(this::unreadable);
    }

    /** What is wrong, for a person; nothing when all is well. */
    public Optional<String> error() {
        return failedBackup()
                .map(failure -> "the last backup failed: " + failure.message())
                .or(() -> unreadable.map(
                        failure -> "the backups at %s cannot be read: %s".formatted(url(), failure.message())))
                .or(() -> archive().filter(report -> !healthy(report)).map(report -> archiveTrouble()));
    }

    private String url() {
        BackupSpec backup = Objects.requireNonNull(view.spec().backup());
        return StoreLocation.of(Objects.requireNonNull(backup.destination()), view.names())
                        instanceof Checked.Accepted<StoreLocation>(StoreLocation location)
                ? location.url()
                : "the destination";
    }

    private Optional<Backup> newest() {
        return listing.flatMap(RepositoryListing::newest);
    }

    private Optional<RecoveryWindow> window() {
        return listing.flatMap(present ->
                RecoveryWindow.of(present, archive().map(ArchiveReport::end).orElse(null)));
    }

    /** The earliest time that a restore can reach. */
    public Optional<Instant> windowStart() {
        return window().map(RecoveryWindow::start);
    }

    /** The latest time that a restore can reach, as far as is known. */
    public Optional<Instant> windowEnd() {
        return window().map(RecoveryWindow::end);
    }

    /** The schedule of the spec; nothing where it is not valid. */
    public Optional<BackupSchedule> schedule() {
        BackupSpec backup = Objects.requireNonNull(view.spec().backup());
        String schedule = backup.schedule();
        return schedule != null
                        && BackupSchedule.of(schedule, backup.timezoneOrDefault())
                                instanceof Checked.Accepted<BackupSchedule>(BackupSchedule valid)
                ? Optional.of(valid)
                : Optional.empty();
    }

    /** Whether the repository is known to be without a backup, or is not known. */
    public boolean noBackupYet() {
        return newest().isEmpty();
    }

    /** That, with when the first one comes. */
    public String noBackup() {
        return "no base backup has succeeded yet%s"
                .formatted(schedule()
                        .map(schedule -> "; the next one is due at " + schedule.nextDue(view.now()))
                        .orElse(""));
    }

    /** Whether the newest backup is older than two intervals of the schedule. */
    public boolean overdue() {
        return newest().flatMap(backup -> schedule()
                        .filter(schedule -> view.now()
                                .isAfter(backup.stopped()
                                        .plus(schedule.interval(view.now()).multipliedBy(INTERVALS)))))
                .isPresent();
    }

    /** That, for a person. */
    public String overdueText() {
        return "the last base backup ended at %s, more than two intervals of the schedule ago"
                .formatted(newest().orElseThrow().stopped());
    }

    /** What there is, for a person. */
    public String healthyText() {
        return window().map(window -> "a restore can reach each time " + window.text())
                .orElse("the last backup succeeded");
    }
}

package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.backup.Backup;
import com.smoketurner.postgres.backup.BackupIds;
import com.smoketurner.postgres.backup.BackupSchedule;
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
import java.util.function.Predicate;
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

    /** A volume that WAL fills in less than this is trouble before any of it has waited for long. */
    private static final Duration TOO_SOON = Duration.ofHours(1);

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
                .map(path -> path + "/" + view.cluster().runningMajor());
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
        return !report.failing() && !late(report) && !report.fullWithin(TOO_SOON);
    }

    private boolean late(ArchiveReport report) {
        Duration twice =
                Duration.ofSeconds(2L * ArchiveTimeout.seconds(view.spec().postgresqlParams()));
        Duration limit = twice.compareTo(PATIENCE) > 0 ? twice : PATIENCE;
        return report.waitingSince() != null
                && view.now().isAfter(report.waitingSince().plus(limit));
    }

    /** What is wrong with archiving, as a sentence. */
    public String archiveTrouble() {
        ArchiveReport report = archive().orElseThrow();
        return report.failing()
                ? "WAL is not archived: %s; %s"
                        .formatted(
                                EngineFailure.of(1, Objects.requireNonNullElse(report.error(), ""))
                                        .message(),
                                report.backlog())
                : report.backlog();
    }

    /** The last job, on whichever member. */
    public Optional<BackupJob> lastJob() {
        return last(jobs());
    }

    /** The last job that takes or took a backup. */
    public Optional<BackupJob> lastBackupJob() {
        return last(jobs().filter(BackupJob::takesBackup));
    }

    /** A job that runs, on whichever member; also on one that is being deleted, as long as its server goes on. */
    public Optional<BackupJob> running() {
        return last(jobs(member -> !member.terminating() || member.ready()).filter(BackupJob::running));
    }

    /** The last backup that a replica has taken. */
    public Optional<BackupJob> lastFromReplica() {
        return last(jobs().filter(job -> job.takesBackup() && job.replica() && job.succeeded()));
    }

    /** The last attempt of a job that members report. */
    public Optional<BackupJob> lastAttempt(String first) {
        return jobs().filter(job -> BackupIds.attemptOf(job.id(), first).isPresent())
                .max(Comparator.comparingInt(
                        job -> BackupIds.attemptOf(job.id(), first).orElse(0)));
    }

    /** All jobs that members report. */
    public Stream<BackupJob> jobs() {
        return jobs(member -> !member.terminating());
    }

    private Stream<BackupJob> jobs(Predicate<Member> of) {
        return view.observed().members().stream()
                .filter(of)
                .map(Member::backupJob)
                .filter(Objects::nonNull);
    }

    private static Optional<BackupJob> last(Stream<BackupJob> jobs) {
        return jobs.max(Comparator.comparing(BackupFacts::started));
    }

    private static Instant started(BackupJob job) {
        return Objects.requireNonNullElse(job.startedAt(), Instant.EPOCH);
    }

    /**
     * Why the last backup failed; nothing when it succeeded or a later one is in the repository, nor where a replica failed, because
     * the primary takes the backup at once.
     */
    public Optional<EngineFailure> failedBackup() {
        return lastBackupJob()
                .filter(job -> job.failed() && !job.replica())
                .filter(job -> newest().filter(backup -> backup.stopped().isAfter(started(job)))
                        .isEmpty())
                .map(job -> EngineFailure.of(1, Objects.requireNonNullElse(job.error(), "")));
    }

    /** Why backups are not as they should be, apart from archiving. */
    public Optional<EngineFailure> failure() {
        return failedBackup().or(this::unreadable);
    }

    /** What is wrong, as a sentence; nothing when all is well. */
    public Optional<String> error() {
        return failedBackup()
                .map(failure -> "the last backup failed: " + failure.message())
                .or(() -> unreadable.map(
                        failure -> "the backups at %s cannot be read: %s".formatted(url(), failure.message())))
                .or(() -> archive().filter(report -> !healthy(report)).map(report -> archiveTrouble()));
    }

    /** Where the backups are. */
    public String url() {
        BackupSpec backup = Objects.requireNonNull(view.spec().backup());
        return StoreLocation.of(Objects.requireNonNull(backup.destination()), view.names())
                .toOptional()
                .map(StoreLocation::url)
                .orElse("the destination");
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
        return schedule == null
                ? Optional.empty()
                : BackupSchedule.of(schedule, backup.timezoneOrDefault()).toOptional();
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
        return newest().flatMap(backup -> schedule().filter(schedule -> schedule.overdue(backup.stopped(), view.now())))
                .isPresent();
    }

    /** That, as a sentence. */
    public String overdueText() {
        return "the last base backup ended at %s, more than two intervals of the schedule ago"
                .formatted(newest().orElseThrow().stopped());
    }

    /** What there is, as a sentence. */
    public String healthyText() {
        return window().map(window -> "a restore can reach each time " + window.text())
                .orElse("the last backup succeeded");
    }
}

package com.smoketurner.postgres.cluster.verify;

import com.smoketurner.postgres.api.RestoreTargetSpec;
import com.smoketurner.postgres.backup.Backup;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.RepositoryListing;
import com.smoketurner.postgres.backup.RestorePlan;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Verification;
import com.smoketurner.postgres.naming.Fingerprint;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a restore test restores, decided before it begins.
 *
 * @param start which test it is
 * @param restore backup, timeline and target
 * @param windowEnd end of the recovery window now; null where it is not known
 * @param databaseBytes how large the restored data is; 0 where the engine does not tell
 */
record VerificationPlan(
        NextVerification.Start start,
        RestorePlan restore,
        @Nullable Instant windowEnd,
        long databaseBytes) {

    /** Older times are less likely to be needed, and recovery from a backup of weeks ago takes long. */
    private static final Duration RANGE = Duration.ofDays(1);

    /** Engines round the end of a backup to seconds. */
    private static final Duration ROUNDED = Duration.ofSeconds(2);

    /**
     * The plan of a test; refused with the reason where the repository allows none.
     *
     * @param facts of a cluster with a backup
     */
    static Checked<VerificationPlan> of(NextVerification.Start start, boolean afterLatest, BackupFacts facts) {
        RepositoryListing listing = facts.listing().orElseThrow();
        Optional<RestorePlan> toTime = afterLatest
                ? second(start, facts)
                        .flatMap(time ->
                                plan(facts, listing, target(time.toString())).toOptional())
                : Optional.empty();
        return toTime.map(Checked::accepted)
                .orElseGet(() -> plan(facts, listing, target(null)))
                .then(restore -> Checked.accepted(new VerificationPlan(
                        start, restore, facts.windowEnd().orElse(null), bytes(listing, restore.backup()))));
    }

    /** What it recovers to, as the status shows it. */
    String target() {
        return restore.value() == null ? Verification.LATEST : restore.value();
    }

    /** A second of the last day inside of the recovery window, other ones for other clusters and tests; nothing in a short window. */
    private static Optional<Instant> second(NextVerification.Start start, BackupFacts facts) {
        if (facts.windowStart().isEmpty() || facts.windowEnd().isEmpty()) {
            return Optional.empty();
        }
        Instant end = facts.windowEnd().get().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
        Instant first =
                facts.windowStart().get().truncatedTo(ChronoUnit.SECONDS).plus(ROUNDED);
        Instant from = first.isAfter(end.minus(RANGE)) ? first : end.minus(RANGE);
        long seconds = Duration.between(from, end).toSeconds() + 1;
        if (seconds < 1) {
            return Optional.empty();
        }
        String uid = facts.view().cluster().getMetadata().getUid();
        long chance = Long.parseUnsignedLong(Fingerprint.of(uid + " " + start.occasion()), 16);
        return apart(from.plusSeconds(Long.remainderUnsigned(chance, seconds)), facts)
                .filter(time -> !time.isAfter(end));
    }

    /** That time, or somewhat later where a backup had just ended: it may not be consistent by then. */
    private static Optional<Instant> apart(Instant time, BackupFacts facts) {
        return facts.listing().stream()
                .flatMap(listing -> listing.usable().stream())
                .map(Backup::stopped)
                .filter(stopped ->
                        !stopped.isAfter(time) && stopped.plus(ROUNDED).isAfter(time))
                .map(stopped -> stopped.truncatedTo(ChronoUnit.SECONDS).plus(ROUNDED))
                .max(Instant::compareTo)
                .or(() -> Optional.of(time));
    }

    private static Checked<RestorePlan> plan(BackupFacts facts, RepositoryListing listing, RestoreTargetSpec target) {
        ClusterView view = facts.view();
        return RestorePlan.of(
                listing, target, Integer.parseInt(view.cluster().runningMajor()), facts.url(), view.now());
    }

    private static RestoreTargetSpec target(@Nullable String time) {
        return new RestoreTargetSpec(time, null, null, null, null, null, null, null);
    }

    /** A delta backup of some engines tells of the delta alone. */
    private static long bytes(RepositoryListing listing, String name) {
        return listing.backup(name).stream()
                .flatMap(backup -> Stream.concat(
                        Stream.of(backup), backup.needs().stream().flatMap(need -> listing.backup(need).stream())))
                .mapToLong(Backup::databaseBytes)
                .max()
                .orElse(0);
    }
}

package com.smoketurner.postgres.backup;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The points in time that a restore can reach.
 *
 * @param start when the oldest usable backup ended
 * @param end up to when everything that was committed is known to be archived; null when nothing is known
 */
public record RecoveryWindow(Instant start, @Nullable Instant end) {

    /**
     * The window of a repository; nothing without a usable backup.
     *
     * @param archived commit time of the last transaction that is known to be archived; null when nothing is known
     */
    public static Optional<RecoveryWindow> of(RepositoryListing listing, @Nullable Instant archived) {
        return listing.newest().map(newest -> {
            Instant end = Objects.requireNonNullElse(archived, newest.stopped());
            Instant start = listing.usable().getFirst().stopped();
            // The WAL of a backup is archived before it counts as complete.
            return new RecoveryWindow(start, end.isBefore(newest.stopped()) ? newest.stopped() : end);
        });
    }

    /** The window as text, in UTC and whole seconds that lie inside of it. */
    public String text() {
        Instant from = start.truncatedTo(ChronoUnit.SECONDS);
        return "from %s to %s"
                .formatted(
                        from.equals(start) ? from : from.plusSeconds(1),
                        end == null ? "the end of the archive" : end.truncatedTo(ChronoUnit.SECONDS));
    }
}

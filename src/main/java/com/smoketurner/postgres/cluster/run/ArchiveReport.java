package com.smoketurner.postgres.cluster.run;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How WAL archiving goes, as the primary reports it in the annotation {@code archive}.
 *
 * @param last name of the last archived WAL file; null before the first
 * @param lastAt when it was archived
 * @param failing whether the last attempt failed
 * @param error the last words of that attempt, on one line
 * @param failedAt when it failed
 * @param waiting number of WAL files that wait to be archived
 * @param waitingSince since when the oldest of them waits; null while none does
 * @param end the latest time up to which every commit is known to be archived; null before the first heartbeat is archived
 * @param left how long the volume would last from the time of the report on, if it filled as before; null while it does not fill
 * @param fullAt that, as the time when it is full
 */
public record ArchiveReport(
        @Nullable String last,
        @Nullable Instant lastAt,
        boolean failing,
        @Nullable String error,
        @Nullable Instant failedAt,
        int waiting,
        @Nullable Instant waitingSince,
        @Nullable Instant end,
        @Nullable Duration left,
        @Nullable Instant fullAt) {

    private static final int SHOWN_IN_HOURS = 3;

    static @Nullable ArchiveReport parse(@Nullable String annotation) {
        return PodReport.parse(annotation)
                .map(report -> new ArchiveReport(
                        report.text("last"),
                        report.time("lastAt"),
                        report.flag("failing"),
                        report.text("error"),
                        report.time("failedAt"),
                        report.number("waiting"),
                        report.time("waitingSince"),
                        report.time("end"),
                        seconds(report.whole("left")),
                        report.time("fullAt")))
                .orElse(null);
    }

    private static @Nullable Duration seconds(@Nullable Long number) {
        return number == null ? null : Duration.ofSeconds(number);
    }

    /** Whether the volume is full within this time if it goes on to fill as before. */
    boolean fullWithin(Duration time) {
        return left != null && left.compareTo(time) < 0;
    }

    /** What waits, and what that means for the volume, as a clause. */
    String backlog() {
        return "%d WAL files wait to be archived%s%s"
                .formatted(
                        waiting,
                        waitingSince == null ? "" : ", the oldest since " + waitingSince,
                        left == null
                                ? ""
                                : ", and at this rate the volume is full in %s, at %s; raise spec.storage.size if that is too soon"
                                        .formatted(text(left), fullAt));
    }

    private static String text(Duration time) {
        return time.toHours() >= SHOWN_IN_HOURS
                ? time.toHours() + " hours"
                : time.toMinutes() < 2 ? "less than 2 minutes" : time.toMinutes() + " minutes";
    }
}

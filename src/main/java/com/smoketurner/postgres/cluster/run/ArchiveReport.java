package com.smoketurner.postgres.cluster.run;

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
 */
public record ArchiveReport(
        @Nullable String last,
        @Nullable Instant lastAt,
        boolean failing,
        @Nullable String error,
        @Nullable Instant failedAt,
        int waiting,
        @Nullable Instant waitingSince,
        @Nullable Instant end) {

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
                        report.time("end")))
                .orElse(null);
    }
}

package com.smoketurner.postgres.cluster.run;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last job of the backup engine in a member's pod, as the program {@code backup} reports it in the annotation
 * {@code backup-job}.
 *
 * @param id the operator's name of the job
 * @param type {@code full}, {@code delta} or {@code expire}
 * @param startedAt when it began; null where the report does not say
 * @param endedAt when it ended; null while it runs
 * @param error the last words of a failed job, on one line; null without a failure
 */
public record BackupJob(
        String id,
        String type,
        State state,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String error) {

    /** The type of a job that deletes backups. */
    public static final String EXPIRE = "expire";

    /** How far a job is. */
    public enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    static @Nullable BackupJob parse(@Nullable String annotation) {
        return PodReport.parse(annotation).flatMap(BackupJob::of).orElse(null);
    }

    private static Optional<BackupJob> of(PodReport report) {
        String id = report.text("id");
        String type = report.text("type");
        Optional<State> state = Arrays.stream(State.values())
                .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(report.text("state")))
                .findFirst();
        return id == null || type == null || state.isEmpty()
                ? Optional.empty()
                : Optional.of(new BackupJob(
                        id, type, state.get(), report.time("startedAt"), report.time("endedAt"), report.text("error")));
    }

    public boolean running() {
        return state == State.RUNNING;
    }

    public boolean succeeded() {
        return state == State.SUCCEEDED;
    }

    public boolean failed() {
        return state == State.FAILED;
    }

    /** Whether it takes a base backup. */
    public boolean takesBackup() {
        return !type.equals(EXPIRE);
    }
}

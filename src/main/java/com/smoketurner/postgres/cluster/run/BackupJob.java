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
 * @param member where it runs or ran
 * @param id the operator's name of the job
 * @param type {@code full}, {@code delta} or {@code expire}
 * @param startedAt when it began; null where the report does not say
 * @param endedAt when it ended; null while it runs
 * @param error the last words of a failed job, on one line; null without a failure
 * @param replica whether the member was a replica when it began
 */
public record BackupJob(
        String member,
        String id,
        String type,
        State state,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String error,
        boolean replica) {

    /** The type of a job that deletes backups. */
    public static final String EXPIRE = "expire";

    /** How far a job is. */
    public enum State {
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    static @Nullable BackupJob parse(String member, @Nullable String annotation) {
        return PodReport.parse(annotation).flatMap(report -> of(member, report)).orElse(null);
    }

    private static Optional<BackupJob> of(String member, PodReport report) {
        String id = report.text("id");
        String type = report.text("type");
        Optional<State> state = Arrays.stream(State.values())
                .filter(s -> s.name().toLowerCase(Locale.ROOT).equals(report.text("state")))
                .findFirst();
        return id == null || type == null || state.isEmpty()
                ? Optional.empty()
                : Optional.of(new BackupJob(
                        member,
                        id,
                        type,
                        state.get(),
                        report.time("startedAt"),
                        report.time("endedAt"),
                        report.text("error"),
                        report.flag("replica")));
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

    /** Whether it was to take a backup from a replica and did not. */
    public boolean failedOnReplica() {
        return failed() && replica && takesBackup();
    }

    /** The member and what it was, as text. */
    public String place() {
        return replica ? "the replica " + member : "the primary " + member;
    }

    /** Whether it takes a base backup. */
    public boolean takesBackup() {
        return !type.equals(EXPIRE);
    }
}

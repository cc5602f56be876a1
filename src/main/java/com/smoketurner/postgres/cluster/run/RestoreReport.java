package com.smoketurner.postgres.cluster.run;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a member is with the restore of the cluster, as the program {@code restore} reports it in the annotation
 * {@code restore}.
 *
 * @param identity of the restore: source, target and cluster
 * @param reason why it failed, as a reason of a condition; null without a failure
 * @param message what it is doing or why it failed, on one line; null where there is nothing to say
 * @param backup name of the base backup; null before one is chosen
 * @param path in the bucket where it was found; null where it is at the path that the spec names
 * @param recoveredTo commit time of the last restored transaction; null where none was replayed
 * @param lsn WAL position that was reached; null before
 * @param timeline the timeline that the restored cluster began; null before
 * @param subscriptions subscriptions that were disabled, as {@code database/name}
 * @param at when it was reported
 */
public record RestoreReport(
        String identity,
        State state,
        @Nullable String reason,
        @Nullable String message,
        @Nullable String backup,
        @Nullable String path,
        @Nullable Instant recoveredTo,
        @Nullable String lsn,
        @Nullable String timeline,
        List<String> subscriptions,
        @Nullable Instant at) {

    /** How far a restore is. */
    public enum State {
        /** It waits for the operator's choice of a backup. */
        WAITING,
        FETCHING,
        RECOVERING,
        /** The object store fails; it is tried again. */
        RETRYING,
        COMPLETED,
        FAILED
    }

    public RestoreReport {
        subscriptions = List.copyOf(subscriptions);
    }

    static @Nullable RestoreReport parse(@Nullable String annotation) {
        return PodReport.parse(annotation).flatMap(RestoreReport::of).orElse(null);
    }

    private static Optional<RestoreReport> of(PodReport report) {
        String identity = report.text("identity");
        Optional<State> state = Arrays.stream(State.values())
                .filter(s -> s.name().equalsIgnoreCase(report.text("state")))
                .findFirst();
        return identity == null || state.isEmpty()
                ? Optional.empty()
                : Optional.of(new RestoreReport(
                        identity,
                        state.get(),
                        report.text("reason"),
                        report.text("message"),
                        report.text("backup"),
                        report.text("path"),
                        report.time("recoveredTo"),
                        report.text("lsn"),
                        report.text("timeline"),
                        report.texts("subscriptions"),
                        report.time("at")));
    }

    /** The state in messages. */
    public String label() {
        return state.name().toLowerCase(Locale.ROOT);
    }
}

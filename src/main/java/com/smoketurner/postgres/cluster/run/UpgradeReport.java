package com.smoketurner.postgres.cluster.run;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a member is with the change to another major version, as the program {@code upgrade} reports it in the annotation
 * {@code upgrade}.
 *
 * @param id of the attempt; null of a member that merely has former data
 * @param from the former major version; null where it is not known
 * @param to the new one; null of a member that merely has former data
 * @param reason why it failed, as a reason of a condition; null without a failure
 * @param message why it failed, on one line; null where there is nothing to say
 * @param was the state in which the container ended; null unless the state is {@link State#INTERRUPTED}
 * @param waiting Patroni does not run there: its data is not the cluster's
 * @param complete how many replicas have all that the stopped server has; null before that is known
 * @param lsn where the WAL of the stopped server ends; null before it is stopped
 * @param systemIdentifier of the new server; null before it is ready
 * @param clones whether the file system copies files without copying their blocks
 * @param copies whether a second copy of the data fits on the volume
 * @param warnings what does not survive, a sentence each
 * @param stoppedAt when the server began to stop; null before
 * @param at when it was reported; null where the report does not say
 */
public record UpgradeReport(
        @Nullable String id,
        @Nullable String from,
        @Nullable String to,
        State state,
        @Nullable String reason,
        @Nullable String message,
        @Nullable State was,
        boolean waiting,
        @Nullable Integer complete,
        @Nullable String lsn,
        @Nullable String systemIdentifier,
        boolean clones,
        boolean copies,
        List<String> warnings,
        @Nullable Instant stoppedAt,
        @Nullable Instant at) {

    /** What a member does, or has done last. */
    public enum State {
        CHECKING,
        CHECK_FAILED,
        CHECKED,
        STOPPING,
        STOPPED,
        CONVERTING,
        INSPECTING,
        READY,
        FAILED,
        /** The container ended while something was done. */
        INTERRUPTED,
        /** It is taken back, and the former data can be used. */
        ABORTED,
        /** It is taken back, and the former data cannot be used: the new server has run on its files. */
        UNUSABLE,
        ANALYZING,
        ANALYZED,
        FINISHED,
        /** The data is not the cluster's: Patroni does not run. */
        WAITING,
        /** The image does not have the programs for the data. */
        UNSUPPORTED
    }

    public UpgradeReport {
        warnings = List.copyOf(warnings);
    }

    static @Nullable UpgradeReport parse(@Nullable String annotation) {
        return PodReport.parse(annotation).flatMap(UpgradeReport::of).orElse(null);
    }

    private static Optional<UpgradeReport> of(PodReport report) {
        return state(report.text("state"))
                .map(state -> new UpgradeReport(
                        report.text("id"),
                        report.text("from"),
                        report.text("to"),
                        state,
                        report.text("reason"),
                        report.text("message"),
                        state(report.text("was")).orElse(null),
                        report.flag("waiting"),
                        report.whole("complete") == null ? null : report.number("complete"),
                        report.text("lsn"),
                        report.text("systemIdentifier"),
                        report.flag("clones"),
                        report.flag("copies"),
                        report.texts("warnings"),
                        report.time("stoppedAt"),
                        report.time("at")));
    }

    /** What the job that reports does, or was doing when its container ended. */
    public State doing() {
        return state == State.INTERRUPTED && was != null ? was : state;
    }

    /** Whether the server of the member is stopped, or about to be. */
    public boolean stopping() {
        return switch (doing()) {
            case STOPPING, STOPPED, CONVERTING, INSPECTING, READY -> true;
            default -> false;
        };
    }

    /** {@code CheckFailed} is {@link State#CHECK_FAILED}. */
    private static Optional<State> state(@Nullable String text) {
        return Arrays.stream(State.values())
                .filter(state -> state.name().replace("_", "").equalsIgnoreCase(text))
                .findFirst();
    }
}

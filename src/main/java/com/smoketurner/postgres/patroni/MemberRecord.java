package com.smoketurner.postgres.patroni;

import com.smoketurner.postgres.postgres.ParameterValues;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a member tells about itself in the annotation {@link #ANNOTATION} of its pod, each time it runs its main loop.
 *
 * @param state what its PostgreSQL does, for example {@code running}, {@code starting}, {@code creating replica}
 * @param role {@code primary}, {@code replica} or {@code standby_leader}
 * @param version Patroni's version
 * @param timeline timeline it writes or follows; null while unknown
 * @param xlogLocation its write-ahead log in bytes: written by a primary, received or replayed by a replica
 * @param receiveLsn bytes received by a replica
 * @param replayLsn bytes replayed by a replica
 * @param replicationState {@code streaming} or {@code in archive recovery}; null on a primary
 * @param pendingRestart whether changed parameters wait for a restart
 * @param pendingRestartReason those parameters
 * @param answers whether its server told Patroni where it is
 * @param secure whether its REST interface speaks TLS
 * @param scheduledRestart whether it has been told to restart at a later time
 * @param paused whether it knows that Patroni is paused
 * @param tags Patroni tags that differ from their default
 */
public record MemberRecord(
        @Nullable String state,
        @Nullable String role,
        @Nullable String version,
        @Nullable Long timeline,
        @Nullable Long xlogLocation,
        @Nullable Long receiveLsn,
        @Nullable Long replayLsn,
        @Nullable String replicationState,
        boolean pendingRestart,
        SortedMap<String, Change> pendingRestartReason,
        boolean answers,
        boolean secure,
        boolean scheduledRestart,
        boolean paused,
        SortedMap<String, String> tags) {
    /** The pod's annotation. */
    public static final String ANNOTATION = "status";

    private static final Set<String> PRIMARY = Set.of("primary", "master");

    /** A parameter that was changed and is not in force. */
    public record Change(
            @Nullable String oldValue, @Nullable String newValue) {}

    public MemberRecord {
        pendingRestartReason = Collections.unmodifiableSortedMap(new TreeMap<>(pendingRestartReason));
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }

    /** The record in the annotation's value; empty before Patroni wrote one. */
    public static Optional<MemberRecord> parse(@Nullable String status) {
        return Json.object(status).map(node -> {
            var reasons = new TreeMap<String, Change>();
            node.path("pending_restart_reason")
                    .properties()
                    .forEach(e -> reasons.put(
                            e.getKey(),
                            new Change(Json.text(e.getValue(), "old_value"), Json.text(e.getValue(), "new_value"))));
            var tags = new TreeMap<String, String>();
            node.path("tags")
                    .properties()
                    .forEach(e -> tags.put(e.getKey(), e.getValue().asText()));
            return new MemberRecord(
                    Json.text(node, "state"),
                    Json.text(node, "role"),
                    Json.text(node, "version"),
                    Json.number(node, "timeline"),
                    Json.number(node, "xlog_location"),
                    Json.number(node, "receive_lsn"),
                    Json.number(node, "replay_lsn"),
                    Json.text(node, "replication_state"),
                    Json.flag(node, "pending_restart"),
                    reasons,
                    Json.number(node, "xlog_location") != null,
                    Objects.requireNonNullElse(Json.text(node, "api_url"), "").startsWith("https:"),
                    node.path("scheduled_restart").isObject(),
                    Json.flag(node, "pause"),
                    tags);
        });
    }

    /** The record without what moves all the time. */
    public MemberRecord withoutPositions() {
        return new MemberRecord(
                state,
                role,
                version,
                timeline,
                null,
                null,
                null,
                replicationState,
                pendingRestart,
                pendingRestartReason,
                answers,
                secure,
                scheduledRestart,
                paused,
                tags);
    }

    /**
     * The record without parameters that wait for a restart although they have the configured value. Patroni reports them after
     * {@code ALTER SYSTEM}: a restart would put in force what somebody else has set, or nothing where Patroni's command line counts more.
     *
     * @param configured the parameters in the dynamic configuration
     */
    public MemberRecord withoutPending(Map<String, String> configured) {
        var left = new TreeMap<>(pendingRestartReason);
        left.entrySet().removeIf(reason -> {
            String running = reason.getValue().oldValue();
            String wanted = configured.get(reason.getKey());
            return running != null && wanted != null && ParameterValues.same(running, wanted);
        });
        boolean none = left.isEmpty() && !pendingRestartReason.isEmpty();
        return new MemberRecord(
                state,
                role,
                version,
                timeline,
                xlogLocation,
                receiveLsn,
                replayLsn,
                replicationState,
                pendingRestart && !none,
                left,
                answers,
                secure,
                scheduledRestart,
                paused,
                tags);
    }

    /** Whether PostgreSQL accepts connections. */
    public boolean isRunning() {
        return "running".equals(state);
    }

    /** Whether its server stops for a restart that somebody has ordered, and is not being started yet. */
    public boolean isRestarting() {
        return "restarting".equals(state);
    }

    /** Whether it takes writes, by what it says: one whose promotion has not ended does not yet. */
    public boolean isPrimary() {
        return role != null && PRIMARY.contains(role);
    }

    /** Whether it has no data and does nothing but wait for a leader to copy it from. */
    public boolean isWaiting() {
        return "stopped".equals(state) && "uninitialized".equals(role);
    }

    /** Whether its data directory is being copied from another member. */
    public boolean isCloning() {
        return "creating replica".equals(state);
    }

    /** Whether it is a replica that receives the primary's changes as they happen. */
    public boolean isStreaming() {
        return isRunning() && "streaming".equals(replicationState);
    }
}

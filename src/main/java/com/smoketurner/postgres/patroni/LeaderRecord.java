package com.smoketurner.postgres.patroni;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leader lock in the annotations of the Endpoints {@code <c>}.
 *
 * @param leader name of the pod that holds it
 * @param optime the leader's write-ahead log position in bytes
 * @param ttl seconds it is valid after {@code renewTime}
 * @param transitions how often it has changed hands
 * @param retainedSlots replication slots that are kept for members, also for those that are away for a while
 */
public record LeaderRecord(
        String leader,
        @Nullable Long optime,
        @Nullable Integer ttl,
        @Nullable Instant renewTime,
        @Nullable Instant acquireTime,
        @Nullable Integer transitions,
        List<String> retainedSlots) {

    public LeaderRecord {
        retainedSlots = List.copyOf(retainedSlots);
    }

    /** The record in the annotations; empty when nobody holds the lock. */
    public static Optional<LeaderRecord> of(@Nullable Map<String, String> annotations) {
        if (annotations == null) {
            return Optional.empty();
        }
        var leader = annotations.get("leader");
        if (leader == null || leader.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LeaderRecord(
                leader,
                Json.number(annotations.get("optime")),
                integer(annotations.get("ttl")),
                time(annotations.get("renewTime")),
                time(annotations.get("acquireTime")),
                integer(annotations.get("transitions")),
                Json.texts(annotations.get("retain_slots"))));
    }

    private static @Nullable Integer integer(@Nullable String text) {
        var number = Json.number(text);
        return number == null ? null : number.intValue();
    }

    private static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}

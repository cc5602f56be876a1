package com.smoketurner.postgres.patroni;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failover or switchover somebody requested, in the annotations of the Endpoints {@code <c>-failover}.
 *
 * @param leader the leader that is to step down; null for a failover
 * @param member the member that is to take over; null for any
 * @param scheduledAt when; null for now
 */
public record FailoverRecord(
        @Nullable String leader,
        @Nullable String member,
        @Nullable String scheduledAt) {

    /** The record in the annotations; empty when nothing is requested. */
    public static Optional<FailoverRecord> of(@Nullable Map<String, String> annotations) {
        if (annotations == null) {
            return Optional.empty();
        }
        var leader = annotations.get("leader");
        var member = annotations.get("member");
        return leader == null && member == null
                ? Optional.empty()
                : Optional.of(new FailoverRecord(leader, member, annotations.get("scheduled_at")));
    }
}

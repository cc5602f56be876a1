package com.smoketurner.postgres.ops.lease;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the Lease says: who holds it ({@code null}: nobody), for how long after each renewal, and since when.
 *
 * @param version the resourceVersion it was read with, {@code null} for one that is not written yet
 */
public record LeaseRecord(
        @Nullable String holder,
        int seconds,
        Instant acquired,
        Instant renewed,
        int transitions,
        @Nullable String version) {
    boolean free() {
        return holder == null || holder.isEmpty();
    }

    LeaseRecord takenBy(String identity, int duration, Instant now) {
        return new LeaseRecord(identity, duration, now, now, transitions + 1, version);
    }

    LeaseRecord renewedAt(Instant now) {
        return new LeaseRecord(holder, seconds, acquired, now, transitions, version);
    }

    /** Free for anybody at once; one second is the shortest duration the API accepts. */
    LeaseRecord released(Instant now) {
        return new LeaseRecord(null, 1, now, now, transitions, version);
    }
}

package com.smoketurner.postgres.ops.lease;

import com.smoketurner.postgres.ops.lease.LeaseStore.LeaseConflict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One contender for the Lease. Whether a holder is gone is judged by our own clock, from when we last saw the Lease
 * change: the clocks of two nodes need not agree.
 */
public final class LeaseCandidate {
    private final LeaseStore store;
    private final String identity;
    private final Duration duration;
    private final Clock clock;

    /** The Lease as we wrote it last, while we hold it: renewing then needs no reading. */
    private @Nullable LeaseRecord held;

    private @Nullable LeaseRecord observed;
    private long observedAt;

    LeaseCandidate(LeaseStore store, String identity, Duration duration, Clock clock) {
        this.store = store;
        this.identity = identity;
        this.duration = duration;
        this.clock = clock;
    }

    /** Tries to hold the Lease. {@code now} is of a monotonic clock, in nanoseconds. */
    boolean attempt(long now) {
        try {
            return renew() || contend(now);
        } catch (LeaseConflict conflict) {
            held = null;
            return contendAgain(now);
        }
    }

    /** Gives the Lease away, so that the next one need not wait for it to expire. */
    void release() {
        LeaseRecord mine = held;
        if (mine != null) {
            held = null;
            store.update(mine.released(clock.instant()));
        }
    }

    /** Who holds the Lease as far as we know. */
    Optional<String> holder() {
        LeaseRecord lease = held != null ? held : observed;
        return lease == null || lease.free() ? Optional.empty() : Optional.ofNullable(lease.holder());
    }

    private boolean renew() {
        LeaseRecord mine = held;
        if (mine == null) {
            return false;
        }
        held = store.renew(mine.renewedAt(clock.instant()));
        return true;
    }

    private boolean contendAgain(long now) {
        try {
            return contend(now);
        } catch (LeaseConflict conflict) {
            return false;
        }
    }

    private boolean contend(long now) {
        Instant wall = clock.instant();
        int seconds = (int) duration.toSeconds();
        Optional<LeaseRecord> current = store.read();
        if (current.isEmpty()) {
            held = store.create(new LeaseRecord(identity, seconds, wall, wall, 0, null));
            return true;
        }
        LeaseRecord lease = current.get();
        if (identity.equals(lease.holder())) {
            // A request of ours that was answered too late, or our former self before a restart of the container.
            held = store.update(lease.renewedAt(wall));
            return true;
        }
        if (lease.free() || expired(lease, now)) {
            held = store.update(lease.takenBy(identity, seconds, wall));
            return true;
        }
        return false;
    }

    private boolean expired(LeaseRecord lease, long now) {
        if (!lease.equals(observed)) {
            observed = lease;
            observedAt = now;
            return false;
        }
        return now - observedAt > Duration.ofSeconds(lease.seconds()).toNanos();
    }
}

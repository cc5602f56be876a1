package com.smoketurner.postgres.cluster.lag;

import com.smoketurner.postgres.cluster.run.Member;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How far one replica is behind.
 *
 * @param state of its replication, as the status shows it
 * @param bytes of WAL it has not replayed; null while it says nothing
 * @param time how long ago the primary was where it is; null while it says nothing
 * @param exceeds it is too far behind to be read from
 * @param recovered it is so close that it may be read from again
 */
public record ReplicaLag(
        Member member,
        String state,
        @Nullable Long bytes,
        @Nullable Duration time,
        boolean exceeds,
        boolean recovered) {

    /** Whether it needs to be looked at again soon. */
    boolean behind() {
        return exceeds || !ReplicaLags.STREAMING.equals(state) || (bytes != null && bytes > 0);
    }
}

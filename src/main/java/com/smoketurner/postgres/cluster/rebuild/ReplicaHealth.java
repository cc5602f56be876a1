package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.cluster.run.BrokenSince;
import com.smoketurner.postgres.postgres.OwnSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One member as a copy of the data.
 *
 * @param primary it holds the leader key
 * @param serves clients can use it, and as a replica it keeps up
 * @param cloning its data directory is being copied
 * @param fault what is wrong with it
 * @param since since when; null while that is not noted
 * @param position how far it has replayed, in bytes; null while unknown
 * @param ordered since when its data is to be copied again; null where it is not
 * @param rebuilt when that was last begun; null where it never was
 */
public record ReplicaHealth(
        String name,
        int ordinal,
        boolean primary,
        boolean serves,
        boolean cloning,
        ReplicaFault fault,
        @Nullable BrokenSince since,
        @Nullable Long position,
        @Nullable Instant ordered,
        @Nullable Instant rebuilt) {

    /** It has moved on since it was noted as broken. */
    boolean advances() {
        return since != null && since.position() != null && position != null && position > since.position();
    }

    /** The primary refused to send it WAL that comes after the primary's own. */
    boolean refusedAsAhead() {
        return since != null && since.cause() != null && OwnSession.aheadOfPrimary(since.cause());
    }

    /** Its server runs, and applications hold all of its connections: Patroni has none, and it is well when one is free. */
    boolean outOfConnections() {
        return fault == ReplicaFault.SILENT
                && since != null
                && since.cause() != null
                && OwnSession.outOfConnections(since.cause());
    }
}

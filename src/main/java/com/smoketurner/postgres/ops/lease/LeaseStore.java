package com.smoketurner.postgres.ops.lease;

import java.util.Optional;

/** Where the Lease is kept. Every call is one request that may fail. */
public interface LeaseStore {
    Optional<LeaseRecord> read();

    /** Creates the Lease; fails with {@link LeaseConflict} if somebody else just did. */
    LeaseRecord create(LeaseRecord lease);

    /**
     * Notes that the holder of the record is alive, if it still holds the Lease: whichever version there is, so that a renewal
     * that was carried out and never answered does not stand in the way of the next. Fails with {@link LeaseConflict} if
     * somebody else holds it.
     */
    LeaseRecord renew(LeaseRecord lease);

    /** Replaces exactly the version that the record was read with, or fails with {@link LeaseConflict}. */
    LeaseRecord update(LeaseRecord lease);

    /** Somebody else wrote the Lease in between. */
    final class LeaseConflict extends RuntimeException {
        LeaseConflict(Throwable cause) {
            super(cause);
        }
    }
}

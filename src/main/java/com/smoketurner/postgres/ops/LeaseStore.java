package com.smoketurner.postgres.ops;

import java.util.Optional;

/** Where the Lease is kept. Every call is one request that may fail. */
interface LeaseStore {
    Optional<LeaseRecord> read();

    /** Creates the Lease; fails with {@link LeaseConflict} if somebody else just did. */
    LeaseRecord create(LeaseRecord lease);

    /** Replaces exactly the version that the record was read with, or fails with {@link LeaseConflict}. */
    LeaseRecord update(LeaseRecord lease);

    /** Somebody else wrote the Lease in between. */
    final class LeaseConflict extends RuntimeException {
        LeaseConflict(Throwable cause) {
            super(cause);
        }
    }
}

package com.smoketurner.postgres.ops;

import java.time.Duration;

/** A fault that counts only after it was seen without a break for some time. */
final class Debounce {
    private final long tolerance;
    private boolean faulty;
    private long seenAt;

    Debounce(Duration tolerance) {
        this.tolerance = tolerance.toNanos();
    }

    /** Notes what is seen at {@code now} (monotonic, nanoseconds) and tells whether it has lasted too long. */
    synchronized boolean since(boolean fault, long now) {
        if (fault && !faulty) {
            seenAt = now;
        }
        faulty = fault;
        return fault && now - seenAt > tolerance;
    }
}

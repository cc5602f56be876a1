package com.smoketurner.postgres.ops;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which reconciliations run and since when. */
@Singleton
final class ReconcileWatchdog {
    /** No reconciliation blocks longer than 30 s by design; all at once for twice that is a dead loop. */
    private static final long ALL = Duration.ofSeconds(60).toNanos();

    private static final long ONE = Duration.ofMinutes(5).toNanos();

    private final Map<Thread, Long> running = new ConcurrentHashMap<>();
    private final int size;

    @Inject
    ReconcileWatchdog(OperatorConfig config) {
        this(config.maxConcurrentReconciles());
    }

    ReconcileWatchdog(int size) {
        this.size = size;
    }

    void began(long now) {
        running.put(Thread.currentThread(), now);
    }

    void ended() {
        running.remove(Thread.currentThread());
    }

    /** Whether every worker is busy with something that does not end, or one has been for very long. */
    boolean stuck(long now) {
        int slow = 0;
        for (long began : running.values()) {
            if (now - began > ONE) {
                return true;
            }
            if (now - began > ALL) {
                slow++;
            }
        }
        return slow >= size;
    }
}

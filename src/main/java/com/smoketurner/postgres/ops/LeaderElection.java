package com.smoketurner.postgres.ops;

import io.quarkus.logging.Log;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Holds the Lease as long as it can, and says so at once when it can no longer.
 *
 * <p>Two threads: one asks for the Lease, the other only looks at the clock, so that a request that hangs can not make
 * us believe longer in a Lease that has run out (ADR-0008 on why this is not the one of the SDK).
 */
final class LeaderElection {
    static final Duration LEASE = Duration.ofSeconds(15);
    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final Duration RENEW = Duration.ofSeconds(5);
    static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration WATCH = Duration.ofMillis(250);

    private final Candidate candidate;
    private final Duration renew;
    private final LongSupplier nanos;
    private final Runnable acquired;
    private final Consumer<String> lost;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Thread contender =
            Thread.ofPlatform().daemon().name("leader-election").unstarted(this::contend);
    private final Thread watchdog =
            Thread.ofPlatform().daemon().name("leader-watchdog").unstarted(this::watch);
    private volatile boolean leading;
    private volatile long renewedAt;

    /**
     * @param acquired called once, when the Lease is ours
     * @param lost called once with the reason, when it no longer is; never after {@link #close}
     */
    LeaderElection(LeaseStore store, String identity, Runnable acquired, Consumer<String> lost) {
        this(new Candidate(store, identity, LEASE, Clock.systemUTC()), RENEW, System::nanoTime, acquired, lost);
    }

    LeaderElection(Candidate candidate, Duration renew, LongSupplier nanos, Runnable acquired, Consumer<String> lost) {
        this.candidate = candidate;
        this.renew = renew;
        this.nanos = nanos;
        this.acquired = acquired;
        this.lost = lost;
    }

    void start() {
        contender.start();
        watchdog.start();
    }

    boolean leading() {
        return leading;
    }

    /** Stops contending and gives the Lease away, if that is possible within the time. */
    void close(Duration within) {
        over.set(true);
        closed.countDown();
        try {
            contender.join(within);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void contend() {
        boolean quiet = false;
        while (closed.getCount() > 0) {
            Duration pause = RETRY.plusMillis(ThreadLocalRandom.current().nextLong(400));
            try {
                long asked = nanos.getAsLong();
                boolean won = candidate.attempt(asked);
                quiet = false;
                if (won) {
                    renewedAt = asked;
                    lead();
                    pause = renew;
                } else if (leading) {
                    lose("the Lease is held by " + candidate.holder().orElse("nobody"));
                }
            } catch (RuntimeException e) {
                if (!quiet) {
                    Log.warnf("the Lease could not be read or written, will go on trying: %s", LogBrevity.summary(e));
                    quiet = true;
                }
            }
            await(pause);
        }
        release();
    }

    private void lead() {
        if (!leading && !over.get()) {
            leading = true;
            acquired.run();
        }
    }

    private void release() {
        boolean mine = leading;
        leading = false;
        if (mine) {
            try {
                candidate.release();
                Log.info("gave the Lease away");
            } catch (RuntimeException e) {
                Log.warnf("the Lease could not be given away, it expires by itself: %s", LogBrevity.summary(e));
            }
        }
    }

    private void watch() {
        while (closed.getCount() > 0) {
            if (leading && nanos.getAsLong() - renewedAt > DEADLINE.toNanos()) {
                lose("it could not be renewed for " + DEADLINE.toSeconds() + " s");
            }
            await(WATCH);
        }
    }

    private void lose(String reason) {
        if (over.compareAndSet(false, true)) {
            leading = false;
            closed.countDown();
            lost.accept(reason);
        }
    }

    private void await(Duration pause) {
        try {
            closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

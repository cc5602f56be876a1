package com.smoketurner.postgres.ops.lease;

import com.smoketurner.postgres.reconcile.ErrorText;
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
public final class LeaderElection {
    static final Duration LEASE = Duration.ofSeconds(15);
    static final Duration DEADLINE = Duration.ofSeconds(10);
    static final Duration RENEW = Duration.ofSeconds(5);
    static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration WATCH = Duration.ofMillis(250);

    /** An answer that takes longer is a sign of trouble: then the Lease is renewed more often, to have more tries left. */
    private static final Duration SLOW = Duration.ofMillis(250);

    /** Tries that are refused at once are that far apart, so that a server that is down is not asked all the time. */
    private static final Duration APART = Duration.ofMillis(500);

    private static final Duration BREATH = Duration.ofMillis(50);

    /** Failures in a row that are no news: one request in some thousands fails on the best of days. */
    private static final int USUAL = 2;

    private final LeaseCandidate candidate;
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

    /** Tries in a row that failed; of the contender alone. */
    private int failures;

    /**
     * @param acquired called once, when the Lease is ours
     * @param lost called once with the reason, when it no longer is; never after {@link #close}
     */
    public LeaderElection(LeaseStore store, String identity, Runnable acquired, Consumer<String> lost) {
        this(new LeaseCandidate(store, identity, LEASE, Clock.systemUTC()), RENEW, System::nanoTime, acquired, lost);
    }

    LeaderElection(
            LeaseCandidate candidate, Duration renew, LongSupplier nanos, Runnable acquired, Consumer<String> lost) {
        this.candidate = candidate;
        this.renew = renew;
        this.nanos = nanos;
        this.acquired = acquired;
        this.lost = lost;
    }

    public void start() {
        contender.start();
        watchdog.start();
    }

    boolean leading() {
        return leading;
    }

    /** Stops contending and gives the Lease away, if that is possible within the time. */
    public void close(Duration within) {
        over.set(true);
        closed.countDown();
        try {
            contender.join(within);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void contend() {
        while (closed.getCount() > 0) {
            await(attempt());
        }
        release();
    }

    /** Requests the Lease once. Returns how long to wait before it is requested again. */
    Duration attempt() {
        long asked = nanos.getAsLong();
        try {
            boolean won = candidate.attempt(asked);
            Duration taken = since(asked);
            boolean trouble = failures > 0 || taken.compareTo(SLOW) > 0;
            failures = 0;
            warnIfSlow(taken);
            if (won) {
                renewedAt = asked;
                lead();
                return untilRenewal(renew, taken, trouble);
            }
            if (leading) {
                lose("the Lease is held by " + candidate.holder().orElse("nobody"));
            }
        } catch (RuntimeException e) {
            failures++;
            if (failures == (leading ? USUAL + 1 : 1)) {
                Log.warnf("cannot read or write the Lease, retrying: %s", ErrorText.summary(e));
            }
            if (leading) {
                return untilNextTry(since(asked));
            }
        }
        return RETRY.plusMillis(ThreadLocalRandom.current().nextLong(400));
    }

    private Duration since(long moment) {
        return Duration.ofNanos(nanos.getAsLong() - moment);
    }

    /** From when it was requested, as the deadline is: a late answer does not put off the next renewal. */
    static Duration untilRenewal(Duration renew, Duration taken, boolean trouble) {
        boolean sooner = trouble && RETRY.compareTo(renew) < 0;
        return atLeastABreath((sooner ? RETRY : renew).minus(taken));
    }

    /** While the Lease is ours every try counts: the next one follows at once, unless this one was refused at once. */
    static Duration untilNextTry(Duration taken) {
        return atLeastABreath(APART.minus(taken));
    }

    private static Duration atLeastABreath(Duration pause) {
        return pause.compareTo(BREATH) < 0 ? BREATH : pause;
    }

    /** What comes before the loss of a Lease: whoever looks for its cause finds here whether it announced itself. */
    private static void warnIfSlow(Duration taken) {
        if (taken.compareTo(RETRY) > 0) {
            Log.warnf("the API server took %d ms to answer a request for the Lease", taken.toMillis());
        }
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
                Log.info("released the Lease");
            } catch (RuntimeException e) {
                Log.warnf("cannot release the Lease, it will expire: %s", ErrorText.summary(e));
            }
        }
    }

    private void watch() {
        while (closed.getCount() > 0) {
            if (overdue()) {
                lose("the Lease could not be renewed for " + DEADLINE.toSeconds() + " s");
            }
            await(WATCH);
        }
    }

    /** Whether the Lease is ours and was last renewed so long ago that we may not rely on it any more. */
    boolean overdue() {
        return leading && nanos.getAsLong() - renewedAt > DEADLINE.toNanos();
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

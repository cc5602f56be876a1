package com.smoketurner.postgres.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.pollinterval.IterativePollInterval;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for a condition. Limits are generous: they end a hopeless wait, they do not measure. A slow machine gets more
 * than they say ({@link Patience}).
 */
public final class Waiting {
    /** Enough for a cluster of three members to become Running on a busy machine. */
    public static final Duration LONG = Duration.ofMinutes(5);

    /** Enough for one reaction of the operator or of Patroni. */
    public static final Duration SHORT = Duration.ofMinutes(2);

    /** Between two looks: what comes at once is seen at once, what takes minutes is not asked for all the time. */
    private static final Duration SOONEST = Duration.ofMillis(100);

    private static final Duration LATEST = Duration.ofMillis(500);

    private Waiting() {}

    /**
     * Looks at a value until it satisfies the condition and returns it; the error shows the last value seen. A look that
     * fails, because a pod is away or the API server is slow, is not the last one.
     */
    public static <T extends @Nullable Object> T until(
            String what, Duration limit, Callable<T> value, Predicate<? super T> condition) {
        var found = new ArrayList<T>();
        var last = new Object() {
            @Nullable
            Object seen;
        };
        try {
            at(what, limit).until(() -> {
                try {
                    T now = value.call();
                    last.seen = now;
                    return condition.test(now) && found.add(now);
                } catch (RuntimeException e) {
                    last.seen = e;
                    return false;
                }
            });
            return found.getFirst();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not within " + Patience.of(limit) + ": " + what + "; last seen: " + last.seen, e);
        }
    }

    /** Repeats an assertion until it holds; the error is that of the last attempt. */
    public static void untilAsserted(String what, Duration limit, org.awaitility.core.ThrowingRunnable assertion) {
        try {
            at(what, limit).ignoreExceptionsInstanceOf(RuntimeException.class).untilAsserted(assertion);
        } catch (ConditionTimeoutException e) {
            Throwable last = e.getCause() == null ? e : e.getCause();
            throw new AssertionError(
                    "not within " + Patience.of(limit) + ": " + what + "; last: " + last.getMessage(), e);
        }
    }

    private static Duration later(Duration last) {
        return Collections.min(List.of(LATEST, last.multipliedBy(5).dividedBy(4)));
    }

    private static ConditionFactory at(String what, Duration limit) {
        return Awaitility.await(what)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(new IterativePollInterval(Waiting::later, SOONEST))
                .atMost(Patience.of(limit));
    }
}

package com.smoketurner.postgres.testing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long tests wait, as a multiple of what this machine has just shown. Limits in tests are those of the machine of
 * docs/benchmarks.md; {@link Waiting} and {@link Command} extend them here and nowhere else.
 */
public final class Patience {
    /** More would only keep somebody waiting for what does not come. */
    private static final double MOST = 8;

    private static final AtomicReference<Double> FACTOR = new AtomicReference<>(1.0);

    private Patience() {}

    /** A limit for this machine. */
    public static Duration of(Duration usual) {
        return Duration.ofMillis(Math.round(usual.toMillis() * FACTOR.get()));
    }

    /** Something took so long that usually takes this; the slowest that was shown counts. */
    public static void learn(String what, Duration took, Duration usual) {
        double shown = factor(took, usual);
        if (shown > FACTOR.getAndAccumulate(shown, Math::max)) {
            System.out.println("patience x %.1f: %s took %d s, usually %d s"
                    .formatted(shown, what, took.toSeconds(), usual.toSeconds()));
        }
    }

    static double factor(Duration took, Duration usual) {
        return Math.clamp((double) took.toMillis() / usual.toMillis(), 1, MOST);
    }
}

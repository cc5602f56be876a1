package com.smoketurner.postgres.testing;

/**
 * Whether the tests take the time they need ({@code make soak}, which sets {@code E2E_THOROUGH}) or are a part of it that
 * nobody minds waiting for ({@code make test}): the same methods, fewer repetitions and variants.
 */
public final class Thorough {
    private Thorough() {}

    public static boolean on() {
        return Project.env("E2E_THOROUGH") != null;
    }

    /** How often to repeat something. */
    public static int times(int thorough, int otherwise) {
        return on() ? thorough : otherwise;
    }
}

package com.smoketurner.postgres.postgres;

/** SQL string literals, for statements that take no parameters ({@code ALTER ROLE … PASSWORD}). */
public final class Literals {
    private Literals() {}

    /**
     * The value as a string constant, safe in any SQL statement and under either setting of
     * {@code standard_conforming_strings}.
     */
    public static String quote(String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an SQL string must not contain a NUL character");
        }
        var quoted = '\'' + value.replace("'", "''").replace("\\", "\\\\") + '\'';
        // The blank keeps the E apart from a word in front of it.
        return value.indexOf('\\') < 0 ? quoted : " E" + quoted;
    }
}

package com.smoketurner.postgres.postgres;

import java.nio.charset.StandardCharsets;

/** SQL identifiers. */
public final class Identifiers {
    /** PostgreSQL silently cuts longer names, so that two of them could become the same. */
    private static final int MAX_BYTES = 63;

    private Identifiers() {}

    /** The name as a quoted identifier, safe in any SQL statement. */
    public static String quote(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("an SQL identifier must not be empty");
        }
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an SQL identifier must not contain a NUL character");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new IllegalArgumentException("an SQL identifier must not be longer than " + MAX_BYTES + " bytes");
        }
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

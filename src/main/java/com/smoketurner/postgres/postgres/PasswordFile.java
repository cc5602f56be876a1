package com.smoketurner.postgres.postgres;

/**
 * libpq's password file.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-pgpass.html">The Password File</a>
 */
public final class PasswordFile {

    private PasswordFile() {}

    /** A field of it. */
    public static String field(String value) {
        return value.replace("\\", "\\\\").replace(":", "\\:");
    }
}

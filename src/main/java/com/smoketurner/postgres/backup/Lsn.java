package com.smoketurner.postgres.backup;

import java.util.regex.Pattern;

/**
 * A position in the WAL, as PostgreSQL writes it: {@code 0/3000148}.
 *
 * @param value bytes from the start of all WAL, unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {
    private static final Pattern FORM = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");
    private static final int HALF = 32;

    /** The position of that text; IllegalArgumentException when it is none. */
    public static Lsn parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not a WAL position: " + text);
        }
        int slash = text.indexOf('/');
        return new Lsn(
                Long.parseLong(text.substring(0, slash), 16) << HALF | Long.parseLong(text.substring(slash + 1), 16));
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> HALF, value & 0xFFFFFFFFL);
    }
}

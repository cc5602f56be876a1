package com.smoketurner.postgres.backup;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of WAL by the parts of its name.
 *
 * @param timeline on which it was written
 * @param log which 4 GiB of all WAL
 * @param number of the file in them
 */
public record WalSegment(int timeline, long log, long number) implements Comparable<WalSegment> {
    private static final Pattern NAME = Pattern.compile("[0-9A-F]{24}");
    private static final int PART = 8;
    private static final int HALF = 32;

    /** What PostgreSQL's {@code initdb} chooses; a listing does not tell the size. */
    private static final long BYTES = 16L << 20;

    private static final Comparator<WalSegment> ORDER = Comparator.comparingInt(WalSegment::timeline)
            .thenComparingLong(WalSegment::log)
            .thenComparingLong(WalSegment::number);

    /** The segment of that file name; nothing for other files, such as histories. */
    public static Optional<WalSegment> parse(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.of(new WalSegment(
                Integer.parseUnsignedInt(name.substring(0, PART), 16),
                Long.parseLong(name.substring(PART, 2 * PART), 16),
                Long.parseLong(name.substring(2 * PART), 16)));
    }

    /** The position of its first byte, for segments of 16 MiB. */
    public Lsn start() {
        return new Lsn((log << HALF) + number * BYTES);
    }

    /** The position behind its last byte, for segments of 16 MiB. */
    public Lsn end() {
        return new Lsn(start().value() + BYTES);
    }

    @Override
    public int compareTo(WalSegment other) {
        return ORDER.compare(this, other);
    }

    /** The file name. */
    @Override
    public String toString() {
        return "%08X%08X%08X".formatted(timeline, log, number);
    }
}

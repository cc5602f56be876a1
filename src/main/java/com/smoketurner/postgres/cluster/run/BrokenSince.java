package com.smoketurner.postgres.cluster.run;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Since when a member has been broken without a break, as it is noted on its pod.
 *
 * @param at when that was noticed
 * @param position how far it had replayed by then; null where it told nothing
 * @param cause what its server says of it, on one line; null where it says nothing
 */
public record BrokenSince(
        Instant at, @Nullable Long position, @Nullable String cause) {

    private static final String NOWHERE = "-";

    public BrokenSince {
        at = at.truncatedTo(ChronoUnit.SECONDS);
    }

    static Optional<BrokenSince> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String[] words = text.split(" ", 3);
        try {
            return Optional.of(new BrokenSince(
                    Instant.parse(words[0]),
                    words.length < 2 || words[1].equals(NOWHERE) ? null : Long.valueOf(words[1]),
                    words.length < 3 ? null : words[2]));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** As it stands in the annotation. */
    public String text() {
        String text = at + " " + (position == null ? NOWHERE : position);
        return cause == null ? text : text + " " + cause;
    }
}

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
 */
public record BrokenSince(Instant at, @Nullable Long position) {

    public BrokenSince {
        at = at.truncatedTo(ChronoUnit.SECONDS);
    }

    static Optional<BrokenSince> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String[] words = text.split(" ", 2);
        try {
            return Optional.of(
                    new BrokenSince(Instant.parse(words[0]), words.length < 2 ? null : Long.valueOf(words[1])));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** As it stands in the annotation. */
    public String text() {
        return position == null ? at.toString() : at + " " + position;
    }
}

package com.smoketurner.postgres.cluster.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where the primary has been in the write-ahead log: positions, each with the moment it was first seen there. Of what is
 * long ago it keeps less, so that the error stays in proportion to the age.
 *
 * @param samples both the positions and the moments rise
 */
public record WalHistory(List<Sample> samples) {

    public static final WalHistory UNKNOWN = new WalHistory(List.of());

    /** Enough to tell a lag of a year to within a third. */
    static final int MOST = 64;

    /** A position and when it was first seen. */
    public record Sample(long position, Instant seen) {}

    public WalHistory {
        samples = List.copyOf(samples);
    }

    /**
     * With what is seen now. A lower position is that of a new primary: what the former one wrote alone is no part of the
     * history any more. The same position as before adds nothing, however long a primary is idle.
     */
    public WalHistory with(long position, Instant now) {
        List<Sample> kept = new ArrayList<>(samples);
        while (!kept.isEmpty() && kept.getLast().position() > position) {
            kept.removeLast();
        }
        if (kept.isEmpty() || kept.getLast().position() < position) {
            boolean late = !kept.isEmpty() && now.isBefore(kept.getLast().seen());
            kept.add(new Sample(position, late ? kept.getLast().seen() : now));
        }
        if (kept.size() > MOST) {
            kept.remove(leastMissed(kept));
        }
        return kept.equals(samples) ? this : new WalHistory(kept);
    }

    /** The sample without which the gap it leaves is smallest for its age; never the first or the last. */
    private static int leastMissed(List<Sample> samples) {
        Instant now = samples.getLast().seen();
        int least = 1;
        double smallest = Double.MAX_VALUE;
        for (int i = 1; i < samples.size() - 1; i++) {
            Instant before = samples.get(i - 1).seen();
            double gap = Duration.between(before, samples.get(i + 1).seen()).toMillis();
            double age = Math.max(1, Duration.between(before, now).toMillis());
            if (gap / age < smallest) {
                smallest = gap / age;
                least = i;
            }
        }
        return least;
    }

    /** When the primary was first seen beyond a position; nothing if it never was. */
    public Optional<Instant> passed(long position) {
        return samples.stream()
                .filter(sample -> sample.position() > position)
                .map(Sample::seen)
                .findFirst();
    }

    /** Where the primary was at a moment; before the first sample it is that one. */
    public OptionalLong at(Instant moment) {
        if (samples.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(samples.stream()
                .filter(sample -> !sample.seen().isAfter(moment))
                .reduce((earlier, later) -> later)
                .orElse(samples.getFirst())
                .position());
    }
}

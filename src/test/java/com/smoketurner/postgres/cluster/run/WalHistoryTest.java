package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WalHistoryTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private static Instant at(long seconds) {
        return START.plusSeconds(seconds);
    }

    @Test
    void itKnowsWhenThePrimaryWentPastAPosition() {
        var trail = WalHistory.UNKNOWN.with(100, at(0)).with(200, at(5)).with(300, at(10));
        assertThat(trail.passed(99)).contains(at(0));
        assertThat(trail.passed(100)).contains(at(5));
        assertThat(trail.passed(250)).contains(at(10));
        assertThat(trail.passed(300)).isEmpty();
        assertThat(trail.at(at(-1))).hasValue(100);
        assertThat(trail.at(at(7))).hasValue(200);
        assertThat(WalHistory.UNKNOWN.at(at(0))).isEmpty();
    }

    @Test
    void anIdlePrimaryAddsNothing() {
        var trail = WalHistory.UNKNOWN.with(100, at(0));
        assertThat(trail.with(100, at(3600))).isSameAs(trail);
        assertThat(trail.with(100, at(3600)).with(101, at(3601)).passed(100)).contains(at(3601));
    }

    @Test
    void whatAFormerPrimaryWroteAloneIsForgotten() {
        var trail = WalHistory.UNKNOWN.with(100, at(0)).with(500, at(5)).with(300, at(30));
        assertThat(trail.samples()).extracting(WalHistory.Sample::position).containsExactly(100L, 300L);
    }

    @Property(tries = 50)
    void itIsBoundedAndItsErrorIsInProportion(
            @ForAll @Size(min = 200, max = 2000) List<@IntRange(min = 1, max = 15) Integer> pauses) {
        var trail = WalHistory.UNKNOWN;
        var all = new java.util.ArrayList<WalHistory.Sample>();
        Instant now = START;
        long position = 0;
        for (int pause : pauses) {
            now = now.plusSeconds(pause);
            trail = trail.with(++position, now);
            all.add(new WalHistory.Sample(position, now));
        }
        assertThat(trail.samples()).hasSizeLessThanOrEqualTo(WalHistory.MOST);
        for (long replayed = 0; replayed < position; replayed += 17) {
            double real = Duration.between(all.get((int) replayed).seen(), now).toMillis();
            double said =
                    Duration.between(trail.passed(replayed).orElseThrow(), now).toMillis();
            assertThat(said).isLessThanOrEqualTo(real).isGreaterThanOrEqualTo(real * 0.6 - 15_000);
        }
    }
}

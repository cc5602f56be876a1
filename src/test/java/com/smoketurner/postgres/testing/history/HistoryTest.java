package com.smoketurner.postgres.testing.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final History HISTORY = History.parse("""
            ok 1 100.000000 100.010000\s
            ok 2 100.050000 100.060000\s
            unknown 3 100.100000 101.100000 TimeoutError: no answer
            unsent 4 101.150000 101.160000 OperationalError: refused
            ok 5 102.200000 102.560000\s
            end
            """);

    @Test
    void acknowledgedNumbersMustBeThereOnce() {
        assertThat(HISTORY.judge(List.of(1L, 2L, 5L)).clean()).isTrue();
        assertThat(HISTORY.judge(List.of(1L, 2L, 3L, 5L)).clean()).isTrue();
        assertThat(HISTORY.judge(List.of(1L, 5L)).lost()).containsExactly(2L);
        assertThat(HISTORY.judge(List.of(1L, 2L, 2L, 5L)).twice()).containsExactly(2L);
        assertThat(HISTORY.judge(List.of(1L, 2L, 4L, 5L)).neverSent()).containsExactly(4L);
        HISTORY.judge(List.of(1L, 2L, 5L)).orThrow();
        assertThatThrownBy(() -> HISTORY.judge(List.of(1L, 5L)).orThrow())
                .isInstanceOf(History.WrongRows.class)
                .hasMessageContaining("lost: [2]");
    }

    @Test
    void gapIsBetweenAcknowledgedWrites() {
        assertThat(HISTORY.complete()).isTrue();
        var gap = HISTORY.longestGap(Instant.ofEpochSecond(100));
        assertThat(gap.length()).isBetween(java.time.Duration.ofMillis(2499), java.time.Duration.ofMillis(2501));
    }
}

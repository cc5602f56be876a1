package com.smoketurner.postgres.ops.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class LeaseCandidateTest {
    private static final Clock WALL = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final MemoryLease store = new MemoryLease();
    private final LeaseCandidate first = candidate("first");
    private final LeaseCandidate second = candidate("second");

    private LeaseCandidate candidate(String identity) {
        return new LeaseCandidate(store, identity, LeaderElection.LEASE, WALL);
    }

    @Test
    void theFirstOneCreatesTheLease() {
        assertThat(first.attempt(0)).isTrue();
        assertThat(store.now().holder()).isEqualTo("first");
        assertThat(store.now().seconds()).isEqualTo(15);
        assertThat(second.attempt(0)).isFalse();
        assertThat(second.holder()).contains("first");
    }

    @Test
    void renewingIsOneWriteAndNoRead() {
        first.attempt(0);
        store.reads = 0;
        assertThat(first.attempt(5 * SECOND)).isTrue();
        assertThat(store.reads).isZero();
        assertThat(store.now().transitions()).isZero();
    }

    @Test
    void aHolderThatRenewsIsLeftAlone() {
        first.attempt(0);
        for (long at = 0; at <= 60; at += 5) {
            assertThat(second.attempt(at * SECOND)).isFalse();
            first.attempt(at * SECOND);
        }
    }

    @Test
    void aHolderThatIsGoneIsReplacedAfterTheWholeLease() {
        first.attempt(0);
        assertThat(second.attempt(0)).isFalse();
        assertThat(second.attempt(15 * SECOND)).isFalse();
        assertThat(second.attempt(15 * SECOND + 1)).isTrue();
        assertThat(store.now().holder()).isEqualTo("second");
        assertThat(store.now().transitions()).isEqualTo(1);
        assertThat(first.attempt(16 * SECOND)).isFalse();
    }

    @Test
    void clocksThatDisagreeDoNotMatter() {
        var behind =
                new LeaseCandidate(store, "behind", LeaderElection.LEASE, Clock.offset(WALL, Duration.ofHours(-2)));
        assertThat(behind.attempt(0)).isTrue();
        assertThat(second.attempt(0)).as("its times are two hours old").isFalse();
    }

    @Test
    void aReleasedLeaseIsFreeAtOnce() {
        first.attempt(0);
        first.release();
        assertThat(store.now().free()).isTrue();
        assertThat(second.attempt(1)).isTrue();
    }

    @Test
    void aRestartedContainerTakesItsOwnLeaseBack() {
        first.attempt(0);
        assertThat(candidate("first").attempt(1)).isTrue();
        assertThat(store.now().transitions()).isZero();
    }

    @Test
    void anAnswerThatGotLostDoesNotCostTheLease() {
        first.attempt(0);
        store.loseNextAnswer();
        assertThatThrownBy(() -> first.attempt(5 * SECOND)).isInstanceOf(IllegalStateException.class);
        assertThat(first.attempt(7 * SECOND)).isTrue();
        assertThat(store.now().holder()).isEqualTo("first");
    }

    @Test
    void ofTwoThatTryAtOnceOneWins() {
        store.raceWith(() -> second.attempt(0));
        assertThat(first.attempt(0)).isFalse();
        assertThat(store.now().holder()).isEqualTo("second");
    }
}

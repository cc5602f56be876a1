package com.smoketurner.postgres.ops.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When {@link LeaderElection} asks for the Lease again, without its threads. */
class RenewalTest {

    @Test
    void theNextRenewalComesFromWhenItWasAskedForAndSoonerInTrouble() {
        assertThat(LeaderElection.untilRenewal(seconds(5), Duration.ofMillis(20), false))
                .isEqualTo(Duration.ofMillis(4980));
        assertThat(LeaderElection.untilRenewal(seconds(5), seconds(1), true)).isEqualTo(seconds(1));
        assertThat(LeaderElection.untilRenewal(seconds(5), seconds(4), true)).isEqualTo(Duration.ofMillis(50));
        assertThat(LeaderElection.untilRenewal(Duration.ofMillis(100), Duration.ZERO, true))
                .isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aTryThatFailedLateIsRepeatedAtOnce() {
        assertThat(LeaderElection.untilNextTry(seconds(1))).isEqualTo(Duration.ofMillis(50));
        assertThat(LeaderElection.untilNextTry(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(499));
    }

    @Test
    void severalTriesFitBetweenARenewalAndTheDeadline() {
        assertThat(LeaseClient.PATIENCE).isLessThan(LeaderElection.DEADLINE.minus(LeaderElection.RENEW));
    }

    @Test
    void anApiServerThatIsLateAndRefusesAThirdOfAllSeldomCostsTheLead() {
        long lost = IntStream.range(0, 200)
                .filter(seed -> new RoughMinute(seed).lost())
                .count();
        assertThat(lost).as("lost in 200 minutes").isLessThan(10);
    }

    private static Duration seconds(long count) {
        return Duration.ofSeconds(count);
    }

    /** A minute on a clock of its own, of an API server as in bench/scale. */
    private static final class RoughMinute {
        private final AtomicLong clock = new AtomicLong();
        private final Random random;
        private final MemoryLease lease = new MemoryLease();
        private final LeaderElection election = new LeaderElection(
                new LeaseCandidate(lease, "me", LeaderElection.LEASE, Clock.systemUTC()),
                LeaderElection.RENEW,
                clock::get,
                () -> {},
                reason -> {});
        private boolean overdue;

        RoughMinute(long seed) {
            random = new Random(seed);
            pass(election.attempt()); // The server is still well.
            lease.beforeEach(this::answer);
        }

        boolean lost() {
            while (clock.get() < Duration.ofMinutes(1).toNanos()) {
                pass(election.attempt());
            }
            return overdue;
        }

        private void pass(Duration time) {
            clock.addAndGet(time.toNanos());
            overdue |= election.overdue();
        }

        private void answer() {
            pass(Duration.ofMillis(200 + random.nextInt(1300)));
            double lot = random.nextDouble();
            if (lot < 0.25) {
                throw new IllegalStateException("refused");
            }
            if (lot < 0.3) {
                lease.loseNextAnswer();
            }
        }
    }
}

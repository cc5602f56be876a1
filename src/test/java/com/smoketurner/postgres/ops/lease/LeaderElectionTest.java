package com.smoketurner.postgres.ops.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The threads around {@link LeaseCandidate}; its own clock runs as far as a test says. */
class LeaderElectionTest {
    private final MemoryLease store = new MemoryLease();
    private final AtomicLong clock = new AtomicLong();
    private final Queue<String> told = new ConcurrentLinkedQueue<>();
    private final LeaderElection election = new LeaderElection(
            new LeaseCandidate(store, "me", LeaderElection.LEASE, Clock.systemUTC()),
            Duration.ofMillis(100),
            clock::get,
            () -> told.add("acquired"),
            reason -> told.add("lost: " + reason));

    @AfterEach
    void close() {
        election.close(Duration.ofSeconds(10));
    }

    private void lead() {
        election.start();
        await().until(() -> told.contains("acquired"));
        assertThat(election.leading()).isTrue();
    }

    @Test
    void leadsUntilClosedAndGivesTheLeaseAway() {
        lead();
        election.close(Duration.ofSeconds(10));
        assertThat(election.leading()).isFalse();
        assertThat(store.now().free()).isTrue();
        assertThat(told).containsExactly("acquired");
    }

    @Test
    void anApiServerThatIsAwayCostsTheLeadAfterTheDeadline() {
        lead();
        store.down(true);
        clock.set(LeaderElection.DEADLINE.toNanos());
        assertThat(election.leading()).isTrue();
        clock.set(LeaderElection.DEADLINE.toNanos() + 1);
        await().until(() -> !election.leading());
        await().until(() -> told.contains("lost: the Lease could not be renewed for 10 s"));
    }

    @Test
    void aLeaseThatSomebodyElseHoldsCostsTheLeadAtTheNextRenewal() {
        lead();
        store.seize("other");
        await().atMost(Duration.ofMinutes(1)).until(() -> told.contains("lost: the Lease is held by other"));
        assertThat(election.leading()).isFalse();
        assertThat(store.now().holder()).isEqualTo("other");
    }

    @Test
    void whoNeverLedReleasesNothing() {
        store.create(new LeaseRecord(
                "other", 15, Clock.systemUTC().instant(), Clock.systemUTC().instant(), 0, null));
        election.start();
        await().until(() -> store.reads > 0);
        election.close(Duration.ofSeconds(10));
        assertThat(store.now().holder()).isEqualTo("other");
        assertThat(told).isEmpty();
    }
}

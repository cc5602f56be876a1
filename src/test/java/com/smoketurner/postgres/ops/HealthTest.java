package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void aFaultCountsOnlyWhenItLasts() {
        var fault = new Debounce(Duration.ofSeconds(60));
        assertThat(fault.since(true, 0)).isFalse();
        assertThat(fault.since(true, 60 * SECOND)).isFalse();
        assertThat(fault.since(true, 61 * SECOND)).isTrue();
        assertThat(fault.since(false, 62 * SECOND)).isFalse();
        assertThat(fault.since(true, 63 * SECOND)).isFalse();
        assertThat(fault.since(true, 100 * SECOND)).isFalse();
    }

    @Test
    void oneSlowReconciliationOfSeveralIsNoReasonToRestart() {
        var workers = new ReconcileWatchdog(2);
        workers.began(0);
        assertThat(workers.stuck(61 * SECOND)).isFalse();
        assertThat(workers.stuck(301 * SECOND)).as("but one that never ends is").isTrue();
        workers.ended();
        assertThat(workers.stuck(301 * SECOND)).isFalse();
    }

    @Test
    void allAtOnceAre() throws InterruptedException {
        var workers = new ReconcileWatchdog(2);
        workers.began(0);
        Thread.ofPlatform().start(() -> workers.began(0)).join();
        assertThat(workers.stuck(60 * SECOND)).isFalse();
        assertThat(workers.stuck(61 * SECOND)).isTrue();
    }
}

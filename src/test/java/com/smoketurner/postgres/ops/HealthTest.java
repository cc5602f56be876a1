package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.api.reconciler.Constants;
import java.time.Duration;
import java.util.Set;
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
    void aNamespaceThatIsGoneIsNoReasonToRestart() {
        String all = Constants.WATCH_ALL_NAMESPACES;
        assertThat(OperatorLiveness.watching(Set.of(all), Set.of())).isTrue();
        assertThat(OperatorLiveness.watching(Set.of(all), Set.of(all)))
                .as("one kind of all namespaces is not watched")
                .isFalse();
        assertThat(OperatorLiveness.watching(Set.of(all, "a", "b"), Set.of("b")))
                .isTrue();
        assertThat(OperatorLiveness.watching(Set.of(all, "a", "b"), Set.of("a", "b")))
                .isFalse();
        assertThat(OperatorLiveness.watching(Set.of(all), Set.of("a", "b")))
                .as("nodes alone")
                .isFalse();
        assertThat(OperatorLiveness.watching(Set.of("a", "b"), Set.of(all))).isFalse();
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

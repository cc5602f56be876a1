package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.EndToEnd;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import com.smoketurner.postgres.testing.Operator;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** With a cluster Running and nothing to do, the operator uses next to no processor time. */
@ExtendWith(EndToEnd.class)
@Isolated("processor time is measured")
class IdleProcessorE2E {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final double SHARE = 0.01;

    private final Namespace ns;

    IdleProcessorE2E(Namespace ns) {
        this.ns = ns;
    }

    @Test
    void lessThanOneHundredthOfACore() {
        ns.apply(Manifest.cluster("quiet").replicas(2)).awaitPhase("Running");
        var operator = new Operator(ns.lab(), ns.client());
        // The other tests' namespaces are on their way out; time itself is measured afterwards.
        LockSupport.parkNanos(WINDOW.dividedBy(4).toNanos());
        double before = operator.cpuSeconds();
        LockSupport.parkNanos(WINDOW.toNanos());
        double used = operator.cpuSeconds() - before;
        System.out.printf("the idle operator used %.2f s of processor time in %s%n", used, WINDOW);
        assertThat(used).isLessThan(WINDOW.toSeconds() * SHARE);
    }
}

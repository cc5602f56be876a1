package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The processor time of an operator whose only cluster is Running and left alone. */
@ExtendWith(EndToEnd.class)
class IdleBench {
    private static final int MINUTES = Integer.getInteger("minutes", 5);

    private final Namespace ns;

    IdleBench(Namespace ns) {
        this.ns = ns;
    }

    @Test
    void processorTime() {
        ns.apply(Manifest.cluster("quiet").replicas(3)).awaitPhase("Running");
        var operator = new Operator(ns.lab(), ns.client());
        // Time itself is measured; the first minute belongs to the creation.
        LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
        for (int minute = 1; minute <= MINUTES; minute++) {
            double before = operator.cpuSeconds();
            LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
            double used = operator.cpuSeconds() - before;
            System.out.printf(Locale.ROOT, "BENCH | %d | %.2f | %.2f %% |%n", minute, used, used / 0.6);
        }
    }
}

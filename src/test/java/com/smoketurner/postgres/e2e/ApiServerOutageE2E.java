package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** No node reaches the API server: Patroni's members agree among themselves that the primary goes on. */
@ExtendWith(EndToEnd.class)
@Alone("the API server is cut off")
@Tag(Alone.NODES)
class ApiServerOutageE2E {
    private static final Duration OUTAGE = Duration.ofMinutes(2);

    /** Of the leader key, as by default. */
    private static final Duration TTL = Duration.ofSeconds(20);

    private final Namespace ns;
    private final Lab lab;

    ApiServerOutageE2E(Namespace ns, Lab lab) {
        this.ns = ns;
        this.lab = lab;
    }

    @Test
    @Acceptance(199)
    void writesGoOn() {
        Cluster cluster = ns.apply(Manifest.cluster("apart").replicas(3)).awaitPhase("Running");
        String primary = Failover.leader(cluster);
        List<String> nodes = ns.client().nodes().list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .toList();
        try (var writer = Writer.start(cluster, primary, null)) {
            Instant cut;
            Instant healed;
            try {
                nodes.forEach(lab::cutFromApiServer);
                cut = Instant.now();
                Waiting.until(
                        "the outage has lasted", OUTAGE.multipliedBy(2), Instant::now, cut.plus(OUTAGE)::isBefore);
            } finally {
                healed = Instant.now();
                nodes.forEach(lab::reconnect);
            }
            cluster.awaitPhase("Running");
            writer.awaitWriteAfter(Instant.now());
            History history = writer.stop();
            List<History.Attempt> meanwhile = history.attempts().stream()
                    .filter(a -> a.sent().isAfter(cut) && a.answered().isBefore(healed))
                    .toList();
            System.out.printf(
                    "API server away: %d writes, longest time without one %d ms, afterwards %d ms%n",
                    meanwhile.size(),
                    new History(meanwhile, true).longestGap(cut).length().toMillis(),
                    history.longestGap(healed).length().toMillis());
            // The writer gives up after a second, which a busy disk may take; a primary that gave up would refuse.
            assertThat(meanwhile)
                    .hasSizeGreaterThan(100)
                    .allMatch(a -> a.outcome() == History.Outcome.OK || a.note().startsWith("TimeoutError"));
            assertThat(new History(meanwhile, true).longestGap(cut).length())
                    .as("nobody could have taken over meanwhile")
                    .isLessThan(TTL);
            assertThat(meanwhile.getLast().sent()).as("it wrote to the end").isAfter(cut.plus(OUTAGE.dividedBy(2)));
            history.judge(writer.stored(Failover.leader(cluster))).orThrow();
            assertThat(Failover.leader(cluster)).as("nobody took over").isEqualTo(primary);
        }
    }
}

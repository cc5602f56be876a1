package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Disruption;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The data does not depend on the operator: primaries are lost while it is down, and it only has to catch up. */
@ExtendWith(EndToEnd.class)
@Alone("the operator is down, a node is frozen")
@Tag(Alone.NODES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WithoutOperatorE2E {
    private static final Duration AHEAD = Duration.ofSeconds(70);

    private final Namespace ns;
    private final Cluster saved;
    private final Backups backups;

    WithoutOperatorE2E(Namespace ns) {
        this.ns = ns;
        saved = ns.cluster("saved");
        backups = new Backups(saved);
    }

    /** Every ten minutes, for the first time a little later. */
    private Instant scheduleABackup() {
        Instant due = Instant.now().plus(AHEAD).truncatedTo(ChronoUnit.MINUTES);
        int minute = due.atZone(ZoneOffset.UTC).getMinute() % 10;
        saved.patch("{\"spec\":{\"backup\":{\"schedule\":\"%d/10 * * * *\"}}}".formatted(minute));
        return due;
    }

    @Test
    @Order(1)
    @Acceptance(197)
    void failoversHappenAndAreNoticedLater() {
        ObjectStore.prepare(ns);
        ns.apply(Manifest.cluster("saved").noTls().spec("backup", ObjectStore.backup(Backups.NEVER)));
        Cluster cluster = ns.apply(Manifest.cluster("alone").replicas(3)).awaitPhase("Running");
        backups.awaitArchived(backups.switchWal());
        Failover.synchronous(cluster);
        String first = cluster.primary();
        Operator operator = new Operator(ns.lab(), ns.client());
        Instant due = scheduleABackup();
        operator.scale(0);
        try {
            assertThat(due).as("the operator went before").isAfter(Instant.now());
            for (Disruption disruption : Disruption.values()) {
                Failover failover = Failover.run(cluster, disruption);
                System.out.printf(
                        "operator down, %s: longest time without a write %d ms%n",
                        disruption, failover.gap().length().toMillis());
                failover.verdict().orThrow();
            }
            assertThat(cluster.primary()).as("nobody writes the status").isEqualTo(first);
            Waiting.until("a backup is due", Waiting.SHORT, Instant::now, due::isBefore);
        } finally {
            operator.scale(1);
        }
        cluster.awaitPhase("Running");
        Waiting.until("the status catches up", Waiting.LONG, cluster::primary, Failover.leader(cluster)::equals);
    }

    @Test
    @Order(2)
    @Acceptance(102)
    void aBackupThatWasDueMeanwhileIsMadeUpOnce() {
        backups.await(
                "the backup is made up",
                status -> status.path("backupCount").asInt() == 1 && !status.has("currentBackup"));
        saved.patch("{\"spec\":{\"backup\":{\"schedule\":\"%s\"}}}".formatted(Backups.NEVER));
        assertThat(backups.take("after").path("backupCount").asInt()).isEqualTo(2);
        assertThat(saved.eventCount("BackupCompleted")).isEqualTo(1);
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A replica that will come back when what keeps it away is over keeps its data, however long that takes. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeptDataE2E {
    private static final String NAME = "kept";

    /** A broken replica is cloned again a minute after that is noted; the operator looks several times in the rest. */
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(2);

    private final Lab lab;
    private final Cluster cluster;

    KeptDataE2E(Namespace ns, Lab lab) {
        this.lab = lab;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        // A replica notices a primary that has fallen silent only then, after a minute by default.
        var parameters = Map.of("wal_receiver_timeout", "10s", "wal_keep_size", "32MB");
        cluster.namespace()
                .apply(Manifest.cluster(NAME)
                        .replicas(2)
                        .with("400Mi", "spec", "storage", "size")
                        .spec("postgresqlParams", parameters))
                .awaitPhase("Running");
        Failover.awaitStreaming(cluster, 1);
    }

    private Pod replica() {
        return cluster.replicas().getFirst();
    }

    private String inside(String member, String script) {
        return cluster.exec(member, "sh", "-c", script).orThrow().strip();
    }

    /** Number and time of a file that only a new data directory has another of. */
    private String birth(String member) {
        return inside(member, "stat -c '%i %y' \"$PGDATA/PG_VERSION\"");
    }

    private void awaitBroken(String member, String why) {
        Waiting.until(
                "the condition says that " + member + " is broken",
                Waiting.LONG,
                () -> cluster.awaitCondition("Degraded", "True", "ReplicationBroken")
                        .message(),
                message -> message.contains(member) && message.contains(why));
    }

    /** Longer than what is cured by new data would be left alone. */
    private void staysAsItIs(String member, String birth) {
        Instant end = Instant.now().plus(LONG_ENOUGH);
        Waiting.until("it has lasted", LONG_ENOUGH.multipliedBy(2), Instant::now, end::isBefore);
        assertThat(Objects.requireNonNull(cluster.condition("Degraded")).reason())
                .isEqualTo("ReplicationBroken");
        assertThat(birth(member)).isEqualTo(birth);
    }

    private void comesBack(String member, String birth, String table) {
        Failover.awaitStreaming(cluster, 1);
        cluster.awaitCondition("Degraded", "False", "Healthy");
        cluster.awaitPhase("Running");
        Waiting.until(
                member + " has what was written meanwhile",
                Waiting.SHORT,
                () -> cluster.sql(member, "SELECT count(*) FROM " + table),
                "1000"::equals);
        assertThat(birth(member)).isEqualTo(birth);
        assertThat(cluster.eventCount("ReinitializeStarted")).isZero();
    }

    private void write(String table) {
        cluster.sql(cluster.primary(), "CREATE TABLE %s AS SELECT generate_series(1, 1000) AS n".formatted(table));
    }

    @Test
    @Order(1)
    void ofAReplicaThatIsCutOff() {
        Pod pod = replica();
        String member = pod.getMetadata().getName();
        String birth = birth(member);
        lab.cutFromPeers(pod);
        try {
            write("cut_off");
            awaitBroken(member, "has received no WAL from the primary");
            staysAsItIs(member, birth);
        } finally {
            lab.reconnect(pod);
        }
        comesBack(member, birth, "cut_off");
    }

    /**
     * What a server does without room depends on the file that finds none first, so this one is stopped by hand, in the way
     * that has it cloned again where there is room.
     */
    @Test
    @Order(2)
    void ofAServerThatIsDownOnAFullVolume() {
        String member = replica().getMetadata().getName();
        String birth = birth(member);
        inside(
                member,
                "free=$(df -Pk \"$PGROOT\" | awk 'NR == 2 {print $4 - int($2 / 9)}')"
                        + " && head -c \"${free}K\" /dev/zero >\"$PGROOT/ballast\"");
        assertThat(cluster.awaitCondition("StoragePressure", "True", "VolumeAlmostFull")
                        .message())
                .contains(member);
        inside(
                member,
                "cd \"$PGDATA\" && pid=$(head -n 1 postmaster.pid) && mv pg_wal pg_wal.away && kill -9 \"$pid\"");
        write("no_room");
        awaitBroken(member, "almost full");
        staysAsItIs(member, birth);
        inside(member, "mv -T \"$PGDATA/pg_wal.away\" \"$PGDATA/pg_wal\"");
        Failover.awaitStreaming(cluster, 1);
        inside(member, "rm \"$PGROOT/ballast\"");
        comesBack(member, birth, "no_room");
    }
}

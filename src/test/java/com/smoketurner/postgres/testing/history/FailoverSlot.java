package com.smoketurner.postgres.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.user.Cluster;

/**
 * An application that reads changes from a logical slot which PostgreSQL 17 synchronizes to the standbys.
 *
 * @param name of the slot and of the table it writes and reads
 */
public record FailoverSlot(Cluster cluster, String name) {

    /** Creates the slot on the leader. */
    public static FailoverSlot create(Cluster cluster, String name) {
        var slot = new FailoverSlot(cluster, name);
        slot.onLeader("CREATE TABLE %1$s (what text)");
        slot.onLeader("SELECT pg_create_logical_replication_slot('%1$s', 'test_decoding', failover => true)");
        return slot;
    }

    public void write(String what) {
        onLeader("INSERT INTO %1$s VALUES ('" + what + "')");
    }

    /** The changes of its table since the last ones it has read, from whoever leads. */
    public String read() {
        return onLeader(
                "SELECT data FROM pg_logical_slot_get_changes('%1$s', NULL, NULL) WHERE data LIKE '%%.%1$s:%%'");
    }

    /** Waits until every standby has the slot for good, which takes a consumer that goes on. */
    public void awaitOnStandbys() {
        String leader = Failover.leader(cluster);
        for (var pod : cluster.pods()) {
            String member = pod.getMetadata().getName();
            if (!member.equals(leader)) {
                Waiting.until(
                        member + " keeps the slot " + name,
                        Waiting.LONG,
                        () -> {
                            onLeader("SELECT pg_log_standby_snapshot()");
                            read();
                            return cluster.exec(
                                            member,
                                            "psql",
                                            "-XAtqU",
                                            "postgres",
                                            "-c",
                                            "SELECT synced AND NOT temporary FROM pg_replication_slots WHERE slot_name = '"
                                                    + name + "'")
                                    .out()
                                    .strip();
                        },
                        "t"::equals);
            }
        }
    }

    /** The new leader has what the application had not read yet, and the former one keeps up again. */
    public void assertGoesOn(String unread) {
        write("afterwards");
        assertThat(read()).contains("'" + unread + "'", "'afterwards'");
        awaitOnStandbys();
    }

    private String onLeader(String statement) {
        return cluster.sql(Failover.leader(cluster), statement.formatted(name));
    }
}

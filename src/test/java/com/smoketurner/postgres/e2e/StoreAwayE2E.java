package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.History;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.FaultyStore;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The store is away while clients write: they are warned in time, a larger volume helps, and in the end all of it is archived. */
@ExtendWith(EndToEnd.class)
@Tag("soak")
class StoreAwayE2E {
    private static final String SIZE = "1Gi";
    private static final String LARGER = "2Gi";

    /** Some WAL, as much of a second's work as the volume allows; the table stays small. */
    private static final String FILL =
            "INSERT INTO filler SELECT repeat(md5(n::text), 8) FROM generate_series(1, 16000) AS n; TRUNCATE filler";

    /** In percent: here the volume counts as almost full, and soon is told to be. */
    private static final int ALMOST_FULL = 86;

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;

    StoreAwayE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster("away");
        backups = new Backups(cluster);
    }

    @Test
    void walThatWaitsFillsTheVolumeWithAWarningAndNothingIsLost() {
        ObjectStore.prepare(ns);
        FaultyStore store = FaultyStore.start(ns);
        ns.apply(Manifest.cluster("away")
                        .noTls()
                        .with(SIZE, "spec", "storage", "size")
                        .spec("postgresqlParams", Map.of("max_wal_size", "64MB", "min_wal_size", "32MB"))
                        .spec("backup", ObjectStore.backup(Backups.NEVER))
                        .with(store.endpoint(), "spec", "backup", "destination", "endpoint"))
                .awaitPhase("Running");
        sql("CREATE TABLE filler (t text)");
        backups.take("first");
        try (var writer = Writer.start(cluster, cluster.primary(), null)) {
            store.fail("PUT /archive/ 503");
            Waiting.until("the time that is left is told", Waiting.LONG, this::fill, used -> told());
            int used = used();
            System.out.printf("%d %% of the volume were used when this was told: %s%n", used, health());
            assertThat(used)
                    .as("used in percent, when the time that is left was told")
                    .isLessThan(80);
            Waiting.until("the volume is almost full", Waiting.LONG, this::fill, now -> now >= ALMOST_FULL);
            cluster.awaitCondition("StoragePressure", "True", "VolumeAlmostFull");
            cluster.patch("{\"spec\":{\"storage\":{\"size\":\"%s\"}}}".formatted(LARGER));
            cluster.awaitCondition("StorageExpanded", "True", "StorageUpToDate");
            cluster.awaitCondition("StoragePressure", "False", "StorageSufficient");
            History history = writer.stop();
            history.judge(writer.stored(cluster.primary())).orThrow();
            store.heal();
            backups.awaitArchived(backups.switchWal());
            cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
            Cluster copy = ns.apply(Manifest.cluster("copy")
                            .noTls()
                            .with(LARGER, "spec", "storage", "size")
                            .with(ObjectStore.source(ns.name(), "away"), "spec", "restore", "source"))
                    .awaitPhase("Running");
            assertThat(writer.storedIn(copy)).isEqualTo(writer.stored(cluster.primary()));
        }
    }

    private String sql(String statement) {
        return cluster.sql(cluster.primary(), statement);
    }

    private String health() {
        return Objects.requireNonNull(cluster.condition("BackupHealthy")).message();
    }

    private boolean told() {
        return health().contains("at this rate the volume is full in");
    }

    /** How much of the volume is used then, in percent. */
    private int fill() {
        sql(FILL);
        return used();
    }

    private int used() {
        return Integer.parseInt(
                cluster.exec(cluster.primary(), "sh", "-c", "df -P \"$PGROOT\" | awk 'NR == 2 {print $5 + 0}'")
                        .orThrow()
                        .strip());
    }
}

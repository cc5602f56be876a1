package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.FaultyStore;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A restore waits for a store that fails; what is damaged or missing it names instead of leaving it out. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("soak")
class DamagedArchiveE2E {
    private static final String NAME = "ledgers";

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private FaultyStore store;
    private int rows;
    private String first = "";
    private String flipped = "";
    private String missing = "";

    @SuppressWarnings("NullAway.Init") // the store starts before the first test
    DamagedArchiveE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        store = FaultyStore.start(ns);
        ns.apply(Manifest.cluster(NAME).noTls().spec("backup", ObjectStore.backup(Backups.NEVER)))
                .awaitPhase("Running");
        sql("CREATE TABLE ledger (id int PRIMARY KEY)");
        first = backups.take("first").path("lastBackupName").asText();
        backups.take("second");
    }

    private void sql(String statement) {
        cluster.sql(cluster.primary(), statement);
    }

    /** Commits a row and ends the WAL file that it is in. */
    private String writeAndSwitch() {
        sql("INSERT INTO ledger VALUES (%d)".formatted(++rows));
        return backups.switchWal();
    }

    private Manifest copy(String name) {
        return Manifest.cluster(name)
                .noTls()
                .with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source")
                .with(store.endpoint(), "spec", "restore", "source", "endpoint");
    }

    private void awaitRetry(Cluster copy, String words) {
        Waiting.until(
                "the condition quotes the store: " + words,
                Waiting.LONG,
                () -> Objects.requireNonNull(copy.condition("Ready")),
                ready -> ready.reason().equals("RestoreRetrying")
                        && ready.message().contains(words));
    }

    /** The point is named in the last file that can be read: what comes after it is damaged and missing. */
    @Test
    @Order(1)
    void aRestoreWaitsForAStoreThatFailsAndGoesOnByItself() {
        String slow = writeAndSwitch();
        sql("SELECT pg_create_restore_point('sound')");
        writeAndSwitch();
        flipped = writeAndSwitch();
        missing = writeAndSwitch();
        backups.awaitArchived(writeAndSwitch());

        String away = "GET ^[^?]*/archive/.*%s- 503".formatted(slow);
        String flips = "GET ^[^?]*/archive/.*%s- flip".formatted(flipped);
        // The place of a named point is not known, so the oldest backup is restored.
        store.fail("GET /backup/main/%s/.*bundle cut".formatted(first), away, flips);
        Cluster copy = ns.apply(copy("sound").with(Map.of("name", "sound"), "spec", "restore", "target"));
        awaitRetry(copy, "unexpected eof");
        store.fail(away, flips);
        awaitRetry(copy, "[503]");
        assertThat(copy.phase()).isEqualTo("Creating");
        store.fail(flips);
        copy.awaitPhase("Running");
        assertThat(copy.sql(copy.primary(), "SELECT count(*) FROM ledger")).isEqualTo("1");
        ns.kubectl("delete", "pgc", "sound", "--wait=false").orThrow();
    }

    @ParameterizedTest
    @Order(2)
    @CsvSource({
        "damaged, RestoreFailed, what is stored cannot be read",
        "flipped, RestoreFailed, what is stored cannot be read",
        "gap, RestoreTargetUnreachable, is missing in the archive"
    })
    void whatIsDamagedOrMissingIsNamedAndNotRestored(String name, String reason, String words) {
        Manifest manifest = copy(name);
        String named = flipped;
        switch (name) {
            case "damaged" -> {
                store.fail("GET /backup/main/%s/.*bundle flip".formatted(first));
                manifest = manifest.with(Map.of("backupName", first, "immediate", true), "spec", "restore", "target");
                named = first;
            }
            case "gap" -> {
                store.heal();
                remove(missing);
                named = missing;
            }
            default -> store.fail("GET ^[^?]*/archive/.*%s- flip".formatted(flipped));
        }
        Cluster failed = ns.apply(manifest);
        var ready = failed.awaitCondition("Ready", "False", reason);
        assertThat(ready.message()).contains(words).contains(named);
        assertThat(failed.phase()).isEqualTo("Failed");
        failed.exec(name + "-0", "sh", "-c", "test ! -e \"$PGDATA/PG_VERSION\"").orThrow();
        ns.kubectl("delete", "pgc", name, "--wait=false").orThrow();
    }

    /** Takes a WAL file out of the archive. */
    private void remove(String segment) {
        String folder = "archive/main/16-1/" + segment.substring(0, 16);
        String object = backups.pgbackrest("repo-ls", folder, "--filter=" + segment + "-")
                .strip();
        backups.pgbackrest("repo-rm", folder + "/" + object);
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.FaultyStore;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An object store that fails costs time and never data: what is wrong is said, and all goes on when it is over. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultyStoreE2E {
    private static final String NAME = "ledgers";

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;
    private FaultyStore store;
    private int rows;

    @SuppressWarnings("NullAway.Init") // the store starts before the first test
    FaultyStoreE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    @BeforeAll
    void create() {
        ObjectStore.prepare(ns);
        store = FaultyStore.start(ns);
        ns.apply(Manifest.cluster(NAME)
                        .noTls()
                        .spec("backup", ObjectStore.backup(Backups.NEVER))
                        .with(store.endpoint(), "spec", "backup", "destination", "endpoint"))
                .awaitPhase("Running");
        sql("CREATE TABLE ledger (id int PRIMARY KEY)");
        awaitArchived(writeAndSwitch());
        backups.take("first");
    }

    private String sql(String statement) {
        return cluster.sql(cluster.primary(), statement);
    }

    /** Commits a row and ends the WAL file that it is in. */
    private String writeAndSwitch() {
        sql("INSERT INTO ledger VALUES (%d)".formatted(++rows));
        return backups.switchWal();
    }

    private void awaitArchived(String segment) {
        backups.await(
                segment + " is archived",
                status -> status.path("lastWalArchived").asText().compareTo(segment) >= 0
                        && status.path("walArchivingHealthy").asBoolean());
    }

    private void awaitUnhealthy(String reason, String words) {
        Waiting.until(
                "BackupHealthy is False, " + reason + ": " + words,
                Waiting.LONG,
                () -> Objects.requireNonNull(cluster.condition("BackupHealthy")),
                condition ->
                        condition.reason().equals(reason) && condition.message().contains(words));
    }

    @ParameterizedTest
    @Order(1)
    @CsvSource({
        "503, the object store has an error of its own",
        "403, the object store refuses access with these credentials",
        "cut, WAL is not archived"
    })
    void archivingCatchesUpWithNothingLost(String fault, String words) {
        store.fail("PUT /archive/ " + fault);
        writeAndSwitch();
        awaitUnhealthy("WALArchivingFailed", words);
        writeAndSwitch();
        store.heal();
        awaitArchived(writeAndSwitch());
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");
    }

    @Test
    @Order(2)
    @BadInput(24)
    void aListingThatFailsIsNotAnEmptyOne() {
        store.fail("GET list-type 503");
        backups.request("unlucky");
        JsonNode failed = backups.awaitRequest("unlucky", "failed");
        assertThat(failed.path("lastError").asText()).contains("the object store has an error of its own");
        assertThat(failed.path("backupCount").asInt()).isEqualTo(1);
        assertThat(failed.path("lastBackupName").asText()).isNotEmpty();
        store.heal();
        backups.request("lucky");
        assertThat(backups.awaitRequest("lucky", "completed")
                        .path("backupCount")
                        .asInt())
                .isEqualTo(2);
        backups.await("the error is gone", status -> status.path("lastError").isMissingNode());
    }
}

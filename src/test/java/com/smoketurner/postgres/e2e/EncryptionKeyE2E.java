package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Another encryption key begins a repository of its own, and what the former key encrypted stays readable with it. */
@ExtendWith(EndToEnd.class)
@Tag("soak")
class EncryptionKeyE2E {
    private static final String NAME = "vault";

    private final Namespace ns;
    private final Cluster cluster;
    private final Backups backups;

    EncryptionKeyE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
        backups = new Backups(cluster);
    }

    @Test
    void eachKeyReadsItsOwnBackups() {
        ObjectStore.prepare(ns);
        ns.apply(Manifest.cluster(NAME).noTls().spec("backup", ObjectStore.backup(Backups.NEVER)))
                .awaitPhase("Running");
        backups.take("first");
        cluster.sql(cluster.primary(), "CREATE TABLE kept AS SELECT 7 AS id");
        backups.awaitArchived(backups.switchWal());

        ObjectStore.secret(ns, "second-key", Map.of("WALG_LIBSODIUM_KEY", ObjectStore.randomHex()));
        cluster.patch("{\"spec\":{\"backup\":{\"encryption\":{\"keySecret\":\"second-key\"}}}}");
        String former = ns.name() + "/" + NAME;
        JsonNode status = backups.await(
                "a full backup is taken with the other key",
                now -> now.path("path").asText().matches(former + "/k-[0-9a-f]{8}/16")
                        && now.path("backupCount").asInt() == 1);
        assertThat(status.path("lastBackupName").asText()).endsWith("F");
        String path = status.path("path").asText().replaceFirst("/16$", "");
        assertThat(cluster.awaitEvent("EncryptionKeyChanged").getMessage()).contains(path, "the former key only");
        cluster.awaitCondition("BackupHealthy", "True", "BackupsHealthy");

        ns.apply(copy("former"));
        ns.apply(copy("second")
                .with(path, "spec", "restore", "source", "path")
                .with("second-key", "spec", "restore", "source", "encryptionKeySecret"));
        for (String name : List.of("former", "second")) {
            Cluster copy = ns.cluster(name).awaitPhase("Running");
            assertThat(copy.sql(copy.primary(), "SELECT id FROM kept")).isEqualTo("7");
        }
    }

    private Manifest copy(String name) {
        return Manifest.cluster(name).noTls().with(ObjectStore.source(ns.name(), NAME), "spec", "restore", "source");
    }
}

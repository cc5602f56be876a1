package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Repositories.accepted;
import static com.smoketurner.postgres.backup.Repositories.data;
import static com.smoketurner.postgres.backup.Repositories.files;
import static com.smoketurner.postgres.backup.Repositories.location;
import static com.smoketurner.postgres.backup.Repositories.settings;
import static com.smoketurner.postgres.backup.Repositories.source;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.Compression;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Golden;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the engines in the pods are told, as files to review. */
class GoldenTest {
    private static final Owner OWNER = new Owner(
            "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "team-a", "orders", "0f3c1d6e-7e5a-4b55-9a39-30f1f0d5a7f1");

    @Test
    @Acceptance(98)
    void s3() {
        var compatible = settings(
                location("type: S3, bucket: backups, region: us-east-1, endpoint: \"https://s3.example.com:9000\","
                        + " forcePathStyle: true"),
                credentials(
                        DestinationType.S3,
                        "AWS_ACCESS_KEY_ID",
                        "AKIA",
                        "AWS_SECRET_ACCESS_KEY",
                        "it's $ecret",
                        "AWS_SESSION_TOKEN",
                        "token"),
                Repositories.KEY,
                Compression.ZSTD,
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        bothEngines("s3-compatible", compatible);
        bothEngines(
                "s3-identity",
                settings(
                        location("type: S3, bucket: backups, region: eu-central-1, path: mine/"),
                        StoreCredentials.ofWorkloadIdentity()));
    }

    @Test
    @Acceptance(98)
    void gcs() {
        bothEngines(
                "gcs",
                settings(
                        location("type: GCS, bucket: backups"),
                        credentials(DestinationType.GCS, "key.json", "{\"type\": \"service_account\"}")));
    }

    @Test
    @Acceptance(98)
    void azure() {
        var location = location("type: Azure, container: backups, storageAccount: account");
        bothEngines(
                "azure", settings(location, credentials(DestinationType.AZURE, "AZURE_STORAGE_ACCESS_KEY", "a2V5")));
        bothEngines(
                "azure-sas",
                settings(
                        location,
                        credentials(
                                DestinationType.AZURE,
                                "AZURE_STORAGE_SAS_TOKEN",
                                "?sv=1&sig=2",
                                "AZURE_ENVIRONMENT_NAME",
                                "AzureChinaCloud")));
    }

    @Test
    void membersThatServeReplicas() {
        var settings = new RepositorySettings(
                RepositoryFolder.BACKUP,
                location("type: S3, bucket: backups, region: us-east-1"),
                StoreCredentials.ofWorkloadIdentity(),
                Repositories.KEY,
                Compression.LZ4,
                new Concurrency(1, 1),
                3,
                null,
                0,
                new RepositorySettings.Served(
                        "orders", "5b3975651c3cab92d044c096dc30a1c2d9525497457472de48c51ecb363d1f4a"));
        golden("backup/replicas.pgbackrest", accepted(files(BackupEngine.PG_BACK_REST, settings)));
    }

    @Test
    void pgp() {
        var settings = settings(
                location("type: S3, bucket: backups, region: us-east-1"),
                StoreCredentials.ofWorkloadIdentity(),
                new EncryptionKey.Pgp("-----BEGIN PGP PRIVATE KEY BLOCK-----\n", "open"),
                Compression.BROTLI,
                null);
        golden("backup/pgp.wal-g", accepted(files(BackupEngine.WAL_G, settings)));
    }

    @Test
    void foldersOfAPod() {
        var location = location("type: S3, bucket: backups, region: us-east-1");
        var engine = Map.of("engine", "pgbackrest", "path", location.path());
        golden("backup/folder.backup", RepositoryFolder.backup(engine, OWNER, true, 300, true));
        golden("backup/folder.restore", RepositoryFolder.restore(engine, "1a2b3c4d"));
    }

    @Test
    void sourceOfARestore() {
        var location = accepted(StoreLocation.of(
                source("prefix: \"s3://backups/team-b/orders/\", region: us-east-1"), Repositories.ORDERS));
        var settings = new RepositorySettings(
                RepositoryFolder.RESTORE,
                location,
                StoreCredentials.ofWorkloadIdentity(),
                Repositories.KEY,
                Compression.LZ4,
                new Concurrency(1, 1),
                0,
                "ca\n",
                30,
                null);
        golden("backup/restore.pgbackrest", accepted(files(BackupEngine.PG_BACK_REST, settings)));
        golden("backup/restore.wal-g", accepted(files(BackupEngine.WAL_G, settings)));
    }

    private static StoreCredentials credentials(DestinationType type, String... pairs) {
        return accepted(StoreCredentials.of(type, "credentials", data(pairs)));
    }

    private static void bothEngines(String name, RepositorySettings settings) {
        golden("backup/" + name + ".pgbackrest", accepted(files(BackupEngine.PG_BACK_REST, settings)));
        golden("backup/" + name + ".wal-g", accepted(files(BackupEngine.WAL_G, settings)));
    }

    private static void golden(String file, Map<String, String> files) {
        Golden.assertMatches(
                file,
                files.entrySet().stream()
                        .map(entry -> "==> %s <==\n%s\n"
                                .formatted(entry.getKey(), entry.getValue().stripTrailing()))
                        .collect(Collectors.joining("\n")));
    }
}

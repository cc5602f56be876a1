package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.Compression;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.EncryptionKey.Aes256;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** pgBackRest; what it supports is that of version 2.55. */
final class PgBackRest implements Engine {
    static final String CONF = "pgbackrest.conf";

    /** Where PostgreSQL has its data and its sockets in a member. */
    static final String DATA_DIRECTORY = "/home/postgres/pgdata/pgroot/data";

    static final String SOCKET_DIRECTORY = "/run/postgresql";

    /** Where a member has its certificate. */
    static final String TLS_DIRECTORY = "/tls";

    /** The suffixes of the clouds that WAL-G knows by name. */
    private static final Map<String, String> AZURE_CLOUDS = Map.of(
            "AzureUSGovernmentCloud", "blob.core.usgovcloudapi.net",
            "AzureChinaCloud", "blob.core.chinacloudapi.cn",
            "AzureGermanCloud", "blob.core.cloudapi.de");

    /** Stores compatible with S3 take any region, as long as both sides sign with the same one. */
    private static final String ANY_REGION = "us-east-1";

    @Override
    public BackupEngine name() {
        return BackupEngine.PG_BACK_REST;
    }

    @Override
    public String word() {
        return "pgbackrest";
    }

    @Override
    public Checked<SortedMap<String, String>> files(RepositorySettings settings) {
        return compression(settings.compression())
                .then(compression -> repository(settings).then(repository -> {
                    var files = CommonFiles.of(this, settings);
                    RepositorySettings.Served served = settings.served();
                    files.put(
                            CONF,
                            BackupTemplates.pgBackRest(new PgBackRestView(
                                    repository,
                                    compression,
                                    Integer.toString(settings.concurrency().uploads()),
                                    Integer.toString(settings.concurrency().downloads()),
                                    DATA_DIRECTORY,
                                    SOCKET_DIRECTORY,
                                    served != null,
                                    served == null ? "" : served.name(),
                                    served == null ? "" : served.authority(),
                                    TLS_DIRECTORY)));
                    return Checked.accepted(files);
                }));
    }

    @Override
    public Optional<EngineFailure> failureIn(JsonNode listing) {
        return PgBackRestInfo.failure(listing);
    }

    @Override
    public List<Backup> backups(JsonNode listing) {
        return PgBackRestInfo.backups(listing);
    }

    private static Checked<String> compression(Compression compression) {
        return switch (compression) {
            case LZ4 -> Checked.accepted("lz4");
            case ZSTD -> Checked.accepted("zst");
            case NONE -> Checked.accepted("none");
            case LZMA, BROTLI ->
                invalid("backup.compression: engine PgBackRest does not support %s; use lz4, zstd or none"
                        .formatted(compression.label()));
        };
    }

    private static Checked<SortedMap<String, String>> repository(RepositorySettings settings) {
        return switch (settings.key()) {
            case Aes256 key ->
                store(settings).then(store -> {
                    store.put("bundle", "y");
                    store.put("block", "y");
                    store.put("cipher-type", "aes-256-cbc");
                    store.put("cipher-pass", key.hex());
                    if (settings.ca() != null) {
                        store.put("storage-ca-file", settings.folder().file(RepositoryFolder.CA));
                    }
                    return Checked.accepted(store);
                });
            case EncryptionKey.Pgp ignored ->
                invalid("Encryption method pgp is not supported by engine PgBackRest; use aes256, or engine WalG");
        };
    }

    private static Checked<SortedMap<String, String>> store(RepositorySettings settings) {
        return switch (settings.location().type()) {
            case S3 -> s3(settings.location(), settings.credentials());
            case GCS -> Checked.accepted(gcs(settings));
            case AZURE -> azure(settings.location(), settings.credentials());
        };
    }

    private static Checked<SortedMap<String, String>> s3(StoreLocation location, StoreCredentials credentials) {
        if (location.bucket().contains(".")) {
            return invalid(
                    "%s.bucket must have no dot in its name for engine PgBackRest, which cannot verify the store's certificate then"
                            .formatted(location.field()));
        }
        return endpoint(location).then(endpoint -> {
            var options = type(DestinationType.S3);
            options.put("s3-bucket", location.bucket());
            options.put("s3-endpoint", endpoint);
            options.put("s3-region", Optional.ofNullable(location.region()).orElse(ANY_REGION));
            options.put("s3-uri-style", location.pathStyle() ? "path" : "host");
            options.put("s3-key-type", credentials.workloadIdentity() ? "web-id" : "shared");
            credentials.value(StoreCredentials.S3_KEY).ifPresent(value -> options.put("s3-key", value));
            credentials.value(StoreCredentials.S3_SECRET).ifPresent(value -> options.put("s3-key-secret", value));
            credentials.value(StoreCredentials.S3_TOKEN).ifPresent(value -> options.put("s3-token", value));
            return Checked.accepted(options);
        });
    }

    /** Host and port; pgBackRest has no other form before 2.58. */
    private static Checked<String> endpoint(StoreLocation location) {
        if (location.endpoint() == null) {
            return location.region() == null
                    ? invalid("%s.region is required by engine PgBackRest".formatted(location.field()))
                    : Checked.accepted("s3.%s.amazonaws.com%s"
                            .formatted(location.region(), location.region().startsWith("cn-") ? ".cn" : ""));
        }
        var url = URI.create(location.endpoint());
        if (!"https".equals(url.getScheme())) {
            return invalid("%s.endpoint must start with https://: engine PgBackRest speaks to S3 over TLS only"
                    .formatted(location.field()));
        }
        if (!url.getPath().isEmpty() && !url.getPath().equals("/")) {
            return invalid("%s.endpoint must have no path for engine PgBackRest".formatted(location.field()));
        }
        return Checked.accepted(url.getAuthority());
    }

    private static SortedMap<String, String> gcs(RepositorySettings settings) {
        var options = type(DestinationType.GCS);
        options.put("gcs-bucket", settings.location().bucket());
        if (settings.credentials().workloadIdentity()) {
            options.put("gcs-key-type", "auto");
        } else {
            options.put("gcs-key-type", "service");
            options.put("gcs-key", settings.folder().file(CommonFiles.GCS));
        }
        return options;
    }

    private static Checked<SortedMap<String, String>> azure(StoreLocation location, StoreCredentials credentials) {
        if (location.storageAccount() == null) {
            return invalid("%s.storageAccount is required for type Azure".formatted(location.field()));
        }
        Optional<String> key = credentials.value(StoreCredentials.AZURE_KEY);
        Optional<String> sas = credentials.value(StoreCredentials.AZURE_SAS);
        if (key.isEmpty() && sas.isEmpty()) {
            return invalid(
                    ("Engine PgBackRest supports neither workloadIdentity nor AZURE_CLIENT_SECRET for type Azure;"
                                    + " give %s or %s in the Secret of %s.credentialsSecret, or use engine WalG")
                            .formatted(StoreCredentials.AZURE_KEY, StoreCredentials.AZURE_SAS, location.field()));
        }
        var options = type(DestinationType.AZURE);
        options.put("azure-account", location.storageAccount());
        options.put("azure-container", location.bucket());
        options.put("azure-key-type", key.isPresent() ? "shared" : "sas");
        options.put(
                "azure-key",
                key.or(() -> sas.map(token -> token.replaceFirst("^\\?", ""))).orElseThrow());
        credentials
                .value(StoreCredentials.AZURE_ENVIRONMENT)
                .map(AZURE_CLOUDS::get)
                .ifPresent(endpoint -> options.put("azure-endpoint", endpoint));
        return Checked.accepted(options);
    }

    private static SortedMap<String, String> type(DestinationType type) {
        var options = new TreeMap<String, String>();
        options.put(
                "type",
                switch (type) {
                    case S3 -> "s3";
                    case GCS -> "gcs";
                    case AZURE -> "azure";
                });
        return options;
    }

    private static <T> Checked<T> invalid(String message) {
        return Checked.refused(Reason.INVALID_BACKUP_DESTINATION, message);
    }
}

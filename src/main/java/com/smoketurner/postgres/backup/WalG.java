package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.backup.EncryptionKey.Aes256;
import com.smoketurner.postgres.backup.EncryptionKey.Pgp;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** WAL-G. Its settings are variables of the environment, which the scripts in the pod read from a file at each call. */
final class WalG implements Engine {
    static final String ENV = "wal-g.env";
    private static final String PGP = "pgp.key";

    @Override
    public BackupEngine name() {
        return BackupEngine.WAL_G;
    }

    @Override
    public String word() {
        return "wal-g";
    }

    @Override
    public Checked<SortedMap<String, String>> files(RepositorySettings settings) {
        if (settings.location().type() == DestinationType.AZURE
                && settings.location().storageAccount() == null) {
            return Checked.refused(
                    Reason.INVALID_BACKUP_DESTINATION,
                    "%s.storageAccount is required for type Azure"
                            .formatted(settings.location().field()));
        }
        var files = CommonFiles.of(this, settings);
        if (settings.key() instanceof Pgp pgp) {
            files.put(PGP, pgp.armored());
        }
        files.put(ENV, lines(variables(settings)));
        return Checked.accepted(files);
    }

    @Override
    public Optional<EngineFailure> failureIn(JsonNode listing) {
        return Optional.empty();
    }

    @Override
    public List<Backup> backups(JsonNode listing) {
        return WalGList.backups(listing);
    }

    private static SortedMap<String, String> variables(RepositorySettings settings) {
        var variables = new TreeMap<String, String>();
        variables.put("PGHOST", "/var/run/postgresql");
        variables.put("PGUSER", "postgres");
        variables.put("TMPDIR", "/var/lib/tmp");
        variables.put("WALG_COMPRESSION_METHOD", settings.compression().label());
        variables.put(
                "WALG_UPLOAD_CONCURRENCY",
                Integer.toString(settings.concurrency().uploads()));
        variables.put(
                "WALG_DOWNLOAD_CONCURRENCY",
                Integer.toString(settings.concurrency().downloads()));
        // Each reader of the disk keeps a whole pipeline of buffers.
        variables.put("WALG_UPLOAD_DISK_CONCURRENCY", "1");
        variables.put("WALG_DELTA_MAX_STEPS", Integer.toString(settings.deltaMaxSteps()));
        variables.put("WALG_DELTA_ORIGIN", "LATEST");
        // WAL-G compares no system identifier; at least two histories cannot overwrite each other.
        variables.put("WALG_PREVENT_WAL_OVERWRITE", "true");
        variables.putAll(encryption(settings));
        variables.putAll(store(settings));
        return variables;
    }

    private static Map<String, String> encryption(RepositorySettings settings) {
        var variables = new TreeMap<String, String>();
        switch (settings.key()) {
            case Aes256 aes -> {
                variables.put("WALG_LIBSODIUM_KEY", aes.value());
                variables.put("WALG_LIBSODIUM_KEY_TRANSFORM", aes.transform());
            }
            case Pgp pgp -> {
                variables.put("WALG_PGP_KEY_PATH", settings.folder().file(PGP));
                if (pgp.passphrase() != null) {
                    variables.put("WALG_PGP_KEY_PASSPHRASE", pgp.passphrase());
                }
            }
        }
        return variables;
    }

    private static Map<String, String> store(RepositorySettings settings) {
        var location = settings.location();
        var variables = new TreeMap<>(settings.credentials().values());
        switch (location.type()) {
            case S3 -> {
                variables.put("WALG_S3_PREFIX", location.url());
                putIfGiven(variables, "AWS_REGION", location.region());
                putIfGiven(variables, "AWS_ENDPOINT", location.endpoint());
                if (location.pathStyle()) {
                    variables.put("AWS_S3_FORCE_PATH_STYLE", "true");
                }
            }
            case GCS -> {
                variables.put("WALG_GS_PREFIX", location.url());
                variables.replace(StoreCredentials.GCS_KEY, settings.folder().file(CommonFiles.GCS));
            }
            case AZURE -> {
                variables.put("WALG_AZ_PREFIX", location.url());
                putIfGiven(variables, "AZURE_STORAGE_ACCOUNT", location.storageAccount());
            }
        }
        if (settings.ca() != null) {
            // WAL-G has a variable of its own for S3 only; that of Go's TLS is read for all stores.
            variables.put(
                    location.type() == DestinationType.S3 ? "WALG_S3_CA_CERT_FILE" : "SSL_CERT_FILE",
                    settings.folder().file(RepositoryFolder.CA));
        }
        return variables;
    }

    private static void putIfGiven(Map<String, String> variables, String name, @Nullable String value) {
        if (value != null) {
            variables.put(name, value);
        }
    }

    /** {@code NAME='value'}, one a line, as a shell reads it. */
    private static String lines(SortedMap<String, String> variables) {
        return variables.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()) + "\n")
                .collect(Collectors.joining());
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }
}

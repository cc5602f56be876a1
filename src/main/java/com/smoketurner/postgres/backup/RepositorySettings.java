package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.Compression;
import org.jspecify.annotations.Nullable;

/**
 * Everything the engine in a pod is told about one place with backups, in words of neither engine.
 *
 * @param folder where the pod finds the files
 * @param location where the backups are
 * @param credentials for the store
 * @param key with which the backups are encrypted
 * @param compression of backups and WAL that are written
 * @param concurrency how many transfers run side by side
 * @param deltaMaxSteps how many delta backups may follow a full one; 0 for full backups only
 * @param ca certificates, as PEM, of the authority that signed the store's own; null for those that the image trusts
 * @param restoreTimeout seconds that a restore waits for one WAL file; 0 for no limit
 * @param served who takes part where replicas take backups with the primary's help; else null
 */
public record RepositorySettings(
        RepositoryFolder folder,
        StoreLocation location,
        StoreCredentials credentials,
        EncryptionKey key,
        Compression compression,
        Concurrency concurrency,
        int deltaMaxSteps,
        @Nullable String ca,
        int restoreTimeout,
        @Nullable Served served) {

    /**
     * Who may read all data through the primary's server.
     *
     * @param name common name of the members' certificate
     * @param authority SHA-256 of the file with the certificate of their authority, in hexadecimal digits
     */
    public record Served(String name, String authority) {}
}

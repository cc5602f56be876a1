package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.BackupDestinationSpec;
import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.Compression;
import com.smoketurner.postgres.api.EncryptionMethod;
import com.smoketurner.postgres.api.RestoreSourceSpec;
import com.smoketurner.postgres.backup.Checked.Accepted;
import com.smoketurner.postgres.backup.Checked.Refused;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values for the tests of this package. */
final class Repositories {
    static final Names ORDERS = new Names("team-a", "orders");
    static final String HEX = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    static final EncryptionKey KEY = new EncryptionKey.Aes256(HEX, HEX, "hex");

    private Repositories() {}

    static BackupDestinationSpec destination(String fields) {
        return Serialization.unmarshal("--- {" + fields + "}", BackupDestinationSpec.class);
    }

    static RestoreSourceSpec source(String fields) {
        return Serialization.unmarshal("--- {" + fields + "}", RestoreSourceSpec.class);
    }

    static StoreLocation location(String fields) {
        return accepted(StoreLocation.of(destination(fields), ORDERS));
    }

    static RepositorySettings settings(StoreLocation location, StoreCredentials credentials) {
        return settings(location, credentials, KEY, Compression.LZ4, null);
    }

    static RepositorySettings settings(
            StoreLocation location,
            StoreCredentials credentials,
            EncryptionKey key,
            Compression compression,
            @Nullable String ca) {
        return new RepositorySettings(
                RepositoryFolder.BACKUP,
                location,
                credentials,
                key,
                compression,
                new Concurrency(2, 4),
                3,
                ca,
                0,
                null);
    }

    static Checked<SortedMap<String, String>> files(BackupEngine engine, RepositorySettings settings) {
        return Engine.of(engine).files(settings);
    }

    static Checked<EncryptionKey> key(String name, byte[] value) {
        return EncryptionKey.of(
                EncryptionMethod.AES256, "key", Map.of(name, Base64.getEncoder().encodeToString(value)));
    }

    /** The data of a Secret; names and values in turn. */
    static Map<String, String> data(String... pairs) {
        var data = new TreeMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) {
            data.put(pairs[i], Base64.getEncoder().encodeToString(pairs[i + 1].getBytes(StandardCharsets.UTF_8)));
        }
        return data;
    }

    static <T> T accepted(Checked<T> checked) {
        return switch (checked) {
            case Accepted<T>(T value) -> value;
            case Refused<T> refused -> throw new AssertionError(refused.toString());
        };
    }

    static <T> Refused<T> refused(Checked<T> checked) {
        return switch (checked) {
            case Accepted<T>(T value) -> throw new AssertionError("accepted: " + value);
            case Refused<T> refused -> refused;
        };
    }
}

package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Repositories.HEX;
import static com.smoketurner.postgres.backup.Repositories.accepted;
import static com.smoketurner.postgres.backup.Repositories.data;
import static com.smoketurner.postgres.backup.Repositories.files;
import static com.smoketurner.postgres.backup.Repositories.key;
import static com.smoketurner.postgres.backup.Repositories.location;
import static com.smoketurner.postgres.backup.Repositories.refused;
import static com.smoketurner.postgres.backup.Repositories.settings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.BackupEngine;
import com.smoketurner.postgres.api.Compression;
import com.smoketurner.postgres.api.DestinationType;
import com.smoketurner.postgres.api.EncryptionMethod;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.ResourceAmounts;
import com.smoketurner.postgres.api.ResourcesSpec;
import com.smoketurner.postgres.backup.EncryptionKey.Aes256;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials, keys and what the engines do not support. */
class SettingsTest {
    private static final StoreCredentials IDENTITY = StoreCredentials.ofWorkloadIdentity();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            S3    | AWS_ACCESS_KEY_ID    | lacks AWS_SECRET_ACCESS_KEY
            S3    | x                    | lacks AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
            GCS   | x                    | lacks GOOGLE_APPLICATION_CREDENTIALS
            AZURE | AZURE_CLIENT_ID      | lacks AZURE_CLIENT_SECRET and AZURE_TENANT_ID
            AZURE | x                    | lacks AZURE_STORAGE_ACCESS_KEY, or AZURE_STORAGE_SAS_TOKEN, or AZURE_CLIENT_ID and AZURE_CLIENT_SECRET and AZURE_TENANT_ID
            """)
    void missingKeysAreNamed(DestinationType type, String present, String lacks) {
        var refused = refused(StoreCredentials.of(type, "store", data(present, "value")));
        assertThat(refused.reason()).isEqualTo(Reason.BACKUP_CREDENTIALS_INVALID);
        assertThat(refused.message())
                .isEqualTo("Backup credentials secret 'store' for the %s destination %s", type.label(), lacks);
    }

    @Test
    void valuesThatCannotBeUsedAreNamedButNotShown() {
        var refused = refused(StoreCredentials.of(
                DestinationType.S3, "store", data("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "one\ntwo")));
        assertThat(refused.message())
                .isEqualTo("Key AWS_SECRET_ACCESS_KEY of backup credentials secret 'store' must be one line of text");
        assertThat(refused(StoreCredentials.of(DestinationType.GCS, "store", data("key.json", "{")))
                        .message())
                .isEqualTo(
                        "Key GOOGLE_APPLICATION_CREDENTIALS of backup credentials secret 'store' must be a JSON object");
    }

    @Test
    void theLineBreakAtTheEndOfAFileIsNoPartOfAValue() {
        var credentials = accepted(StoreCredentials.of(
                DestinationType.S3, "store", data("AWS_ACCESS_KEY_ID", "a\n", "AWS_SECRET_ACCESS_KEY", "b\r\n")));
        assertThat(credentials.values()).isEqualTo(Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b"));
        assertThat(credentials.toString()).doesNotContain("=");
    }

    @Property
    void everyKeyIsAcceptedInEachFormat(@ForAll @Size(32) byte[] bytes) {
        String hex = HexFormat.of().formatHex(bytes);
        String base64 = Base64.getEncoder().encodeToString(bytes);
        var asHex = accepted(key("WALG_LIBSODIUM_KEY", (hex + "\n").getBytes(UTF_8)));
        var asBase64 = accepted(key("encryption-key", (base64 + "\n").getBytes(UTF_8)));
        var raw = accepted(key("encryption-key", bytes));

        assertThat(asHex).isEqualTo(new Aes256(hex, hex, "hex"));
        assertThat(asBase64).isEqualTo(new Aes256(hex, base64, "base64"));
        assertThat(raw).isInstanceOf(Aes256.class);
        assertThat(((Aes256) raw).hex()).isEqualTo(hex);
        assertThat(raw.fingerprint()).isEqualTo(asHex.fingerprint()).isEqualTo(asBase64.fingerprint());
        assertThat(asHex.toString() + asBase64 + raw).doesNotContain(hex, base64);
    }

    @Test
    void keysOfPrintableCharactersStayAsTheyAre() {
        String text = "0123456789-0123456789-0123456789";
        assertThat(accepted(key("encryption-key", text.getBytes(UTF_8))))
                .isEqualTo(new Aes256(HexFormat.of().formatHex(text.getBytes(UTF_8)), text, "none"));
        assertThat(accepted(key("encryption-key", (text + "\n").getBytes(UTF_8))))
                .isEqualTo(accepted(key("encryption-key", text.getBytes(UTF_8))));
    }

    @Test
    void theFirstNameWins() {
        var data = data("WALG_LIBSODIUM_KEY", HEX, "encryption-key", "short");
        assertThat(accepted(EncryptionKey.of(EncryptionMethod.AES256, "key", data)))
                .isEqualTo(new Aes256(HEX, HEX, "hex"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ten-digits", "00112233", "not base64 at all, but of the right length!"})
    void otherKeysAreRefusedWithoutShowingThem(String value) {
        var refused = refused(key("encryption-key", value.getBytes(UTF_8)));
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_ENCRYPTION_KEY);
        assertThat(refused.message())
                .isEqualTo(
                        "Key encryption-key of backup encryption key secret 'key' must be 64 hexadecimal digits"
                                + " (openssl rand -hex 32), base64 of 32 bytes (openssl rand -base64 32), or exactly 32 raw bytes")
                .doesNotContain(value);
    }

    @Test
    void missingKeysAreRefusedByName() {
        assertThat(refused(EncryptionKey.of(EncryptionMethod.AES256, "key", Map.of()))
                        .message())
                .startsWith(
                        "Key WALG_LIBSODIUM_KEY (or encryption-key) of backup encryption key secret 'key' must be 64");
        assertThat(refused(EncryptionKey.of(EncryptionMethod.PGP, "key", data("pgp-key", HEX)))
                        .message())
                .isEqualTo(
                        "Key WALG_PGP_KEY (or pgp-key) of backup encryption key secret 'key' must be a private key in text"
                                + " form (gpg --armor --export-secret-keys)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            type: S3, bucket: b, region: r, endpoint: "http://s3"    | backup.destination.endpoint must start with https://: engine PgBackRest speaks to S3 over TLS only
            type: S3, bucket: b, region: r, endpoint: "https://s3/x" | backup.destination.endpoint must have no path for engine PgBackRest
            type: S3, bucket: b                                      | backup.destination.region is required by engine PgBackRest
            type: Azure, container: c                                | backup.destination.storageAccount is required for type Azure
            """)
    void destinationsThatPgBackRestCannotUse(String fields, String message) {
        var refused = refused(files(BackupEngine.PG_BACK_REST, settings(location(fields), IDENTITY)));
        assertThat(refused.reason()).isEqualTo(Reason.INVALID_BACKUP_DESTINATION);
        assertThat(refused.message()).isEqualTo(message);
    }

    @Test
    void optionsThatPgBackRestDoesNotHave() {
        var s3 = location("type: S3, bucket: b, region: r");
        var brotli = settings(s3, IDENTITY, Repositories.KEY, Compression.BROTLI, null);
        var pgp = settings(s3, IDENTITY, new EncryptionKey.Pgp("key", null), Compression.LZ4, null);
        var azure = settings(location("type: Azure, container: c, storageAccount: a"), IDENTITY);

        assertThat(refused(files(BackupEngine.PG_BACK_REST, brotli)))
                .isEqualTo(new Checked.Refused<>(
                        Reason.INVALID_BACKUP_DESTINATION,
                        "backup.compression: engine PgBackRest does not support brotli; use lz4, zstd or none"));
        assertThat(refused(files(BackupEngine.PG_BACK_REST, pgp)).message()).contains("use aes256, or engine WalG");
        assertThat(refused(files(BackupEngine.PG_BACK_REST, azure)).message()).contains("AZURE_STORAGE_ACCESS_KEY");
        assertThat(accepted(files(BackupEngine.WAL_G, brotli))).isNotEmpty();
        assertThat(accepted(files(BackupEngine.WAL_G, azure))).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PG_BACK_REST |      |       | 1  | 2
            PG_BACK_REST | 500m | 512Mi | 1  | 1
            PG_BACK_REST | 4    | 512Mi | 4  | 4
            PG_BACK_REST | 64   | 512Mi | 8  | 8
            PG_BACK_REST | 64   | 64Gi  | 16 | 10
            PG_BACK_REST |      | 32Mi  | 1  | 1
            WAL_G        |      |       | 16 | 10
            WAL_G        | 1    | 64Gi  | 4  | 4
            WAL_G        | 8    | 256Mi | 4  | 4
            """)
    void concurrencyFitsTheContainer(BackupEngine engine, String cpu, String memory, int uploads, int downloads) {
        var limits = new ResourceAmounts(
                cpu == null ? null : new Quantity(cpu), memory == null ? null : new Quantity(memory));
        assertThat(Concurrency.of(engine, 16, 10, new ResourcesSpec(null, limits, null)))
                .isEqualTo(new Concurrency(uploads, downloads));
        assertThat(Concurrency.of(engine, 1, 1, null)).isEqualTo(new Concurrency(1, 1));
    }

    @Test
    void theRevisionFollowsEveryFileButTheClaim() {
        var owner = new Owner("uid", "ns", "name", "k8s");
        var files = accepted(files(BackupEngine.WAL_G, settings(location("type: S3, bucket: b"), IDENTITY)));
        var before = RepositoryFolder.backup(files, owner, true, 300, false);
        var claimed = RepositoryFolder.backup(files, owner, true, 300, true);
        var changed = RepositoryFolder.backup(files, owner, false, 300, true);

        assertThat(before).doesNotContainKey(RepositoryFolder.CLAIMED);
        assertThat(claimed).containsEntry(RepositoryFolder.CLAIMED, "uid");
        assertThat(claimed.get(RepositoryFolder.REVISION)).isEqualTo(before.get(RepositoryFolder.REVISION));
        assertThat(changed.get(RepositoryFolder.REVISION)).isNotEqualTo(before.get(RepositoryFolder.REVISION));
    }
}

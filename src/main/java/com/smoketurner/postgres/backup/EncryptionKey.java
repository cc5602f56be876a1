package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.EncryptionMethod;
import com.smoketurner.postgres.api.Reason;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** The key of the backups; its text never shows it. */
public sealed interface EncryptionKey {
    /** Bytes of an AES-256 key. */
    int BYTES = 32;

    /**
     * 32 bytes.
     *
     * @param hex the bytes, in 64 lower-case hexadecimal digits: pgBackRest's passphrase
     * @param value the key as WAL-G gets it
     * @param transform how WAL-G makes bytes of the value: {@code hex}, {@code base64} or {@code none}
     */
    record Aes256(String hex, String value, String transform) implements EncryptionKey {
        @Override
        public String toString() {
            return "Aes256[" + fingerprint() + "]";
        }
    }

    /**
     * A key for OpenPGP.
     *
     * @param armored the private key in its text form
     * @param passphrase of the private key, if it has one
     */
    record Pgp(String armored, @Nullable String passphrase) implements EncryptionKey {
        @Override
        public String toString() {
            return "Pgp[" + fingerprint() + "]";
        }
    }

    /**
     * The key in a Secret, as {@code WALG_LIBSODIUM_KEY}, else {@code encryption-key} (method aes256), or {@code WALG_PGP_KEY},
     * else {@code pgp-key} (method pgp). Refused with the accepted formats.
     *
     * @param secret name of the Secret, for the message
     * @param data of the Secret as the API server has it: base64 by key
     */
    static Checked<EncryptionKey> of(EncryptionMethod method, String secret, Map<String, String> data) {
        var values = new SecretValues(data);
        return switch (method) {
            case AES256 -> Reading.aes(secret, values);
            case PGP -> Reading.pgp(secret, values);
        };
    }

    /**
     * 16 hexadecimal digits that are the same for the same key only, and from which the key cannot be told: a keyed hash. They
     * tell whether the key was changed, and name the folder of the backups made with a later key.
     */
    default String fingerprint() {
        String text = switch (this) {
            case Aes256 aes -> aes.hex;
            case Pgp pgp -> pgp.armored;
        };
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("postgres-operator backup key".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** The folder, below the location of a cluster, of the backups that were made after its key was changed to this one. */
    default String folder() {
        return "k-" + fingerprint().substring(0, 8);
    }

    /** Makes keys of Secrets. */
    final class Reading {
        private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
        private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{43}=");
        private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

        private Reading() {}

        private static Checked<EncryptionKey> aes(String secret, SecretValues values) {
            var names = List.of("WALG_LIBSODIUM_KEY", "encryption-key");
            Optional<String> name =
                    names.stream().filter(key -> values.bytes(key).isPresent()).findFirst();
            return name.flatMap(key -> aes(values.bytes(key).orElseThrow(), values.text(key)))
                    .map(Checked::<EncryptionKey>accepted)
                    .orElseGet(() -> Checked.refused(
                            Reason.INVALID_ENCRYPTION_KEY,
                            ("%s of backup encryption key secret '%s' must be 64 hexadecimal digits (openssl rand -hex 32),"
                                            + " base64 of 32 bytes (openssl rand -base64 32), or exactly 32 raw bytes")
                                    .formatted(
                                            name.map(key -> "Key " + key)
                                                    .orElse("Key WALG_LIBSODIUM_KEY (or encryption-key)"),
                                            secret)));
        }

        private static Optional<EncryptionKey> aes(byte[] raw, Optional<String> text) {
            if (text.filter(value -> HEX.matcher(value).matches()).isPresent()) {
                String hex = text.get();
                return Optional.of(new Aes256(hex.toLowerCase(Locale.ROOT), hex, "hex"));
            }
            if (text.filter(value -> BASE64.matcher(value).matches()).isPresent()) {
                String base64 = text.get();
                return Optional.of(
                        new Aes256(HexFormat.of().formatHex(Base64.getDecoder().decode(base64)), base64, "base64"));
            }
            return raw(raw).or(() ->
                    text.map(value -> value.getBytes(StandardCharsets.UTF_8)).flatMap(Reading::raw));
        }

        /** Bytes that no text can carry are given to WAL-G as digits: the key is the same. */
        private static Optional<EncryptionKey> raw(byte[] bytes) {
            if (bytes.length != BYTES) {
                return Optional.empty();
            }
            String hex = HexFormat.of().formatHex(bytes);
            return Optional.of(SecretValues.utf8(bytes)
                    .filter(text -> PRINTABLE.matcher(text).matches())
                    .map(text -> new Aes256(hex, text, "none"))
                    .orElseGet(() -> new Aes256(hex, hex, "hex")));
        }

        private static Checked<EncryptionKey> pgp(String secret, SecretValues values) {
            return Stream.of("WALG_PGP_KEY", "pgp-key")
                    .flatMap(key -> values.text(key).stream())
                    .findFirst()
                    .filter(key -> key.contains("-----BEGIN PGP PRIVATE KEY BLOCK-----"))
                    .map(key -> Checked.<EncryptionKey>accepted(new Pgp(
                            key + "\n", values.text("WALG_PGP_KEY_PASSPHRASE").orElse(null))))
                    .orElseGet(() -> Checked.refused(
                            Reason.INVALID_ENCRYPTION_KEY,
                            ("Key WALG_PGP_KEY (or pgp-key) of backup encryption key secret '%s' must be a private key in text"
                                            + " form (gpg --armor --export-secret-keys)")
                                    .formatted(secret)));
        }
    }
}

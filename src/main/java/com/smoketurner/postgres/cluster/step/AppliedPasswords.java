package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.run.SecretText;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which passwords the servers have, as a keyed hash in {@code <c>-internal}: a restart of the operator neither
 * repeats nor forgets a change.
 */
final class AppliedPasswords {

    private static final String SALT = "applied-passwords-salt";
    private static final String HASH = "applied-passwords-hash";
    private static final int SALT_BYTES = 16;

    private AppliedPasswords() {}

    /** The record as it stands in the Secret; empty when the servers' passwords are not known. */
    static SortedMap<String, String> read(Optional<Secret> internal) {
        SortedMap<String, String> record = new TreeMap<>();
        SecretText.of(internal, SALT).ifPresent(value -> record.put(SALT, value));
        SecretText.of(internal, HASH).ifPresent(value -> record.put(HASH, value));
        return record;
    }

    /** A new record. */
    static SortedMap<String, String> record(Passwords passwords, PasswordSource source) {
        String salt = HexFormat.of().formatHex(source.salt(SALT_BYTES));
        return new TreeMap<String, String>(Map.of(SALT, salt, HASH, hash(salt, passwords)));
    }

    /** Whether a record is of these passwords. */
    static boolean matches(Map<String, String> record, Passwords passwords) {
        String salt = record.get(SALT);
        return salt != null && hash(salt, passwords).equals(record.get(HASH));
    }

    private static String hash(String salt, Passwords passwords) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(salt), "HmacSHA256"));
            mac.update(passwords.superuser().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(passwords.replication().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}

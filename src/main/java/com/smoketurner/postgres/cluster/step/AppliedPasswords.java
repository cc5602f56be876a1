package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.MonitoringSecret;
import com.smoketurner.postgres.cluster.desired.Passwords;
import com.smoketurner.postgres.cluster.desired.PoolerSecret;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.postgres.PasswordSource;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
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
    private static final List<String> KEYS = List.of(
            SALT,
            HASH,
            InternalSecret.appliedRole(MonitoringSecret.FEATURE),
            InternalSecret.appliedRole(PoolerSecret.FEATURE),
            InternalSecret.PASSWORDS_REVISION,
            InternalSecret.PASSWORDS_CHANGED,
            InternalSecret.CONNECTION);

    private AppliedPasswords() {}

    /** The record as it stands in the Secret; empty when the servers' passwords are not known. */
    static SortedMap<String, String> read(Optional<Secret> internal) {
        SortedMap<String, String> record = new TreeMap<>();
        for (String key : KEYS) {
            SecretText.of(internal, key).ifPresent(value -> record.put(key, value));
        }
        return record;
    }

    /** The record of a cluster whose servers are created with these passwords. */
    static SortedMap<String, String> first(Passwords passwords, PasswordSource source) {
        var record = hashes(passwords, List.of(), source);
        record.put(InternalSecret.PASSWORDS_REVISION, "1");
        return record;
    }

    /**
     * The record after the servers have been given passwords.
     *
     * @param former the record before
     * @param roles the operator's own
     */
    static SortedMap<String, String> next(
            Map<String, String> former,
            Passwords passwords,
            List<FeatureRole> roles,
            PasswordSource source,
            Instant now) {
        var record = hashes(passwords, roles, source);
        Optional.ofNullable(former.get(InternalSecret.CONNECTION))
                .ifPresent(value -> record.put(InternalSecret.CONNECTION, value));
        long revision = Long.parseLong(former.getOrDefault(InternalSecret.PASSWORDS_REVISION, "0"));
        if (matches(former, passwords)) {
            record.put(InternalSecret.PASSWORDS_REVISION, Long.toString(Math.max(1, revision)));
            Optional.ofNullable(former.get(InternalSecret.PASSWORDS_CHANGED))
                    .ifPresent(time -> record.put(InternalSecret.PASSWORDS_CHANGED, time));
        } else {
            record.put(InternalSecret.PASSWORDS_REVISION, Long.toString(revision + 1));
            record.put(
                    InternalSecret.PASSWORDS_CHANGED,
                    now.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        return record;
    }

    private static SortedMap<String, String> hashes(
            Passwords passwords, List<FeatureRole> roles, PasswordSource source) {
        String salt = HexFormat.of().formatHex(source.salt(SALT_BYTES));
        var record = new TreeMap<String, String>(Map.of(SALT, salt, HASH, hash(salt, passwords)));
        roles.forEach(role -> role.password()
                .ifPresent(password -> record.put(
                        InternalSecret.appliedRole(role.feature()), hash(salt, password, role.definition()))));
        return record;
    }

    /** Whether a record is of this role of the operator's as it is, or of none where it has no password. */
    static boolean has(Map<String, String> record, FeatureRole role) {
        String salt = record.get(SALT);
        Optional<String> wanted =
                role.password().map(password -> salt == null ? "" : hash(salt, password, role.definition()));
        return wanted.equals(Optional.ofNullable(record.get(InternalSecret.appliedRole(role.feature()))));
    }

    /** Whether a record is of these passwords. */
    static boolean matches(Map<String, String> record, Passwords passwords) {
        String salt = record.get(SALT);
        return salt != null && hash(salt, passwords).equals(record.get(HASH));
    }

    private static String hash(String salt, Passwords passwords) {
        return hash(salt, passwords.superuser() + '\0' + passwords.replication());
    }

    private static String hash(String salt, String password, List<String> definition) {
        return hash(salt, password + '\0' + String.join("\0", definition));
    }

    private static String hash(String salt, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(HexFormat.of().parseHex(salt), "HmacSHA256"));
            mac.update(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }
}

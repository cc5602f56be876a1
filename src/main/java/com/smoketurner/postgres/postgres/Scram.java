package com.smoketurner.postgres.postgres;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** SCRAM-SHA-256 password verifiers (RFC 5802, RFC 7677), so that no plain password meets an SQL statement. */
public final class Scram {
    /** What PostgreSQL itself uses. */
    public static final int DEFAULT_ITERATIONS = 4096;

    /** What PostgreSQL itself uses. */
    public static final int SALT_BYTES = 16;

    private static final int KEY_BITS = 256;

    /** A verifier as it is made here, and its salt. */
    private static final Pattern FORM =
            Pattern.compile("SCRAM-SHA-256\\$" + DEFAULT_ITERATIONS + ":([A-Za-z0-9+/]{22}==)\\$.*");

    private Scram() {}

    /** The verifier in the form of {@code pg_authid.rolpassword}: {@code SCRAM-SHA-256$i:salt$StoredKey:ServerKey}. */
    public static String verifier(String password, byte[] salt, int iterations) {
        var salted = saltedPassword(SaslPrep.prepare(password), salt, iterations);
        var base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$%d:%s$%s:%s"
                .formatted(
                        iterations,
                        base64.encodeToString(salt),
                        base64.encodeToString(sha256(hmac(salted, "Client Key"))),
                        base64.encodeToString(hmac(salted, "Server Key")));
    }

    /** Whether a value of {@code pg_authid.rolpassword} is a verifier of this password, made as {@link #verifier} makes it. */
    public static boolean verifies(String verifier, String password) {
        var form = FORM.matcher(verifier);
        return form.matches()
                && verifier.equals(verifier(password, Base64.getDecoder().decode(form.group(1)), DEFAULT_ITERATIONS));
    }

    private static byte[] saltedPassword(String password, byte[] salt, int iterations) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("a password must not be empty");
        }
        try {
            var spec = new PBEKeySpec(password.toCharArray(), salt, iterations, KEY_BITS);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks PBKDF2WithHmacSHA256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks HmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] data) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java runtime lacks SHA-256", e);
        }
    }
}

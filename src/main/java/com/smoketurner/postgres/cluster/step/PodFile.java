package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.PatroniSecret;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** Files as programs in the pods read them. */
final class PodFile {

    private PodFile() {}

    /** The SHA-256 of the file that the kubelet writes of {@code <c>-patroni}, as {@code sha256sum} prints it. */
    static String digest(Secret patroni) {
        return digest(Base64.getDecoder().decode(patroni.getData().get(PatroniSecret.SECRETS_YML)));
    }

    /** The SHA-256 of a file with this text. */
    static String digest(String text) {
        return digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String digest(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}

package com.smoketurner.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Where things are in this checkout. */
public final class Project {
    public static final String GROUP = "postgres-operator.smoketurner.com";
    public static final String OPERATOR_NAMESPACE = "postgres-operator-system";
    public static final String OPERATOR = "postgres-operator";

    private Project() {}

    /** The root of the checkout, wherever below it the tests were started. */
    public static Path root() {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            if (Files.exists(dir.resolve("pom.xml"))) {
                return dir;
            }
        }
        throw new IllegalStateException("no pom.xml here or above: start the tests inside the checkout");
    }

    /** A file of the checkout that must be there; the hint says what makes it. */
    public static Path file(String path, String hint) {
        Path file = root().resolve(path);
        if (!Files.exists(file)) {
            throw new IllegalStateException(path + " is missing: " + hint);
        }
        return file;
    }

    /** The folder for the logs and dumps of this run. */
    public static Path logs() {
        return directory(root().resolve("target/test-logs"));
    }

    public static Path directory(Path dir) {
        try {
            return Files.createDirectories(dir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Six hexadecimal digits that differ between two checkouts on one machine. */
    public static String fingerprint() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest(root().toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 3);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An environment variable, where set to nothing counts as not set. */
    public static @Nullable String env(String name) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? null : value;
    }

    public static String env(String name, String otherwise) {
        String value = env(name);
        return value == null ? otherwise : value;
    }
}

package com.smoketurner.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Expected output, reviewed as files below {@code src/test/resources/golden}. Run the tests with {@code
 * -Dgolden.update} to rewrite them, and review the difference.
 */
public final class Golden {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private Golden() {}

    /** The object is the expected one. */
    public static void assertMatches(String file, HasMetadata object) {
        assertMatches(file, Serialization.asYaml(object));
    }

    /** The text is the expected one. */
    public static void assertMatches(String file, String text) {
        var path = FOLDER.resolve(file);
        try {
            if (System.getProperty("golden.update") != null) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, text);
            } else if (!Files.exists(path)) {
                fail("%s does not exist: run this test with -Dgolden.update and review the new file", path);
            }
            assertThat(text).as("%s (rewrite with -Dgolden.update)", path).isEqualTo(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot compare with " + path, e);
        }
    }
}

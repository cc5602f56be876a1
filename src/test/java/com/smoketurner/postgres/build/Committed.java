package com.smoketurner.postgres.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A generated file that is committed: compared, or with {@code -Dgenerate} written. */
final class Committed {
    private Committed() {}

    static void check(String path, String generated) {
        Path file = Project.root().resolve(path);
        try {
            if (System.getProperty("generate") != null) {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.writeString(file, generated);
                return;
            }
            List<String> committed = Files.exists(file) ? Files.readAllLines(file) : List.of();
            assertThat(committed)
                    .as("%s is not what the model gives: run make generate, and commit it with its cause", path)
                    .isEqualTo(generated.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

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
public final class Committed {
    private Committed() {}

    public static void check(String path, String generated) {
        Path file = Project.root().resolve(path);
        try {
            if (System.getProperty("generate") != null) {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.writeString(file, generated);
                return;
            }
            List<String> committed = Files.exists(file) ? Files.readAllLines(file) : List.of();
            assertThat(firstDifference(committed, generated.lines().toList()))
                    .as("%s is not what the model gives: run make generate, and commit it with its cause", path)
                    .isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line instead of two files of thousands. */
    private static String firstDifference(List<String> committed, List<String> generated) {
        for (int i = 0; i < Math.max(committed.size(), generated.size()); i++) {
            String there = i < committed.size() ? committed.get(i) : "(end of file)";
            String wanted = i < generated.size() ? generated.get(i) : "(end of file)";
            if (!there.equals(wanted)) {
                return "line " + (i + 1) + " is: " + there + "\n  and should be: " + wanted;
            }
        }
        return "";
    }
}

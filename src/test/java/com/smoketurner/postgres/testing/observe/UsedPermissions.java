package com.smoketurner.postgres.testing.observe;

import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator has used, where the tests are divided among several labs: {@code scripts/layer} names a folder in which each
 * run leaves what it has seen, and how many runs there are.
 */
public final class UsedPermissions {
    private UsedPermissions() {}

    /** The permissions used in all labs, known to the run that ends last; a single run is the last. */
    public static Optional<Set<String>> ofAllLabs(Set<String> own) {
        String folder = Project.env("E2E_USED_PERMISSIONS");
        if (folder == null) {
            return Optional.of(own);
        }
        int runs = Integer.parseInt(Project.env("E2E_LABS", "1"));
        Path all = Project.directory(Path.of(folder));
        try {
            Path written = Files.write(Files.createTempFile(all.getParent(), "used", ""), own);
            Files.move(written, all.resolve(Project.env("E2E_LAB_INSTANCE", "lab")), StandardCopyOption.ATOMIC_MOVE);
            List<Path> files = files(all);
            return files.size() < runs
                    ? Optional.empty()
                    : Optional.of(files.stream()
                            .flatMap(UsedPermissions::lines)
                            .collect(Collectors.toCollection(TreeSet::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package com.smoketurner.postgres.testing.lab;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The project's own images: their names, and their archives, which are built when the cache does not hold them. */
public final class Images {
    private static final Duration BUILD = Duration.ofMinutes(30);

    private Images() {}

    /** The database image. */
    public static String postgres() {
        return setting("POSTGRES_IMAGE") + ":" + setting("POSTGRES_TAG");
    }

    /** The same with each PostgreSQL one minor release older. */
    public static String postgresPrevious() {
        return setting("POSTGRES_IMAGE") + ":" + setting("POSTGRES_TAG_PREVIOUS");
    }

    /** The archive of that one. */
    public static Path previousArchive() {
        String built = Command.of(
                        Project.root().resolve("images/postgres/build").toString(), "--flavour", "previous")
                .in(Project.root())
                .within(BUILD)
                .output();
        return Path.of(built.strip().lines().toList().getLast());
    }

    /** The archives of the operator and of the database image. */
    static List<Path> archives() {
        Path folder = Project.directory(Project.root().resolve("target/images"));
        Path script = Project.file("scripts/build-images", "use a complete checkout");
        Command.of(script.toString(), folder.toString())
                .in(Project.root())
                .within(BUILD)
                .output();
        return List.of(folder.resolve("operator.tar"), folder.resolve("postgres.tar"));
    }

    /** A line of {@code images/versions.env}. */
    static String setting(String name) {
        Path file = Project.file("images/versions.env", "it names the images; use a complete checkout");
        try {
            var matcher =
                    Pattern.compile("(?m)^" + name + "=\"?([^\"\\n]+)\"?$").matcher(Files.readString(file));
            if (!matcher.find()) {
                throw new IllegalStateException("images/versions.env does not set " + name);
            }
            return matcher.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

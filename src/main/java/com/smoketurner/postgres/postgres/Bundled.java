package com.smoketurner.postgres.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Programs and queries that are files of the operator; they come from it, not from the images. */
public final class Bundled {

    private Bundled() {}

    /** The text of a program that runs in pods. */
    public static String program(String name) {
        return read("scripts/" + name);
    }

    /** The text of a query on one line, without its comments. */
    public static String query(String name) {
        return read("sql/" + name)
                .lines()
                .map(String::strip)
                .filter(line -> !line.startsWith("--"))
                .reduce((one, other) -> one + " " + other)
                .orElseThrow();
    }

    private static String read(String resource) {
        try (var in = Bundled.class.getClassLoader().getResourceAsStream(resource)) {
            Objects.requireNonNull(in, () -> "the operator was built without " + resource);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}

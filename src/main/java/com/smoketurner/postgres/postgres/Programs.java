package com.smoketurner.postgres.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The programs that run in pods; they come from the operator, not from the images. */
public final class Programs {

    private Programs() {}

    /** The text of one. */
    public static String read(String name) {
        String resource = "scripts/" + name;
        try (var in = Programs.class.getClassLoader().getResourceAsStream(resource)) {
            Objects.requireNonNull(in, () -> "the operator was built without " + resource);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}

package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured, by name. Whoever prints it judges it. */
final class Figures {
    private final Map<String, Object> values = new LinkedHashMap<>();

    void put(String name, Object value) {
        values.put(name, value);
        System.out.println("scale: " + name + " = " + value);
    }

    void put(String name, long value) {
        put(name, (Object) value);
    }

    /** With one digit behind the point. */
    void put(String name, double value) {
        put(name, (Object) (Math.round(value * 10) / 10.0));
    }

    void write(Path file) {
        try {
            Files.writeString(file, Json.tree(values).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package com.smoketurner.postgres.testing.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;

/** The acceptance list and the table of bad input, carried over from the specification. */
record Lists(NavigableMap<Integer, Entry> items, NavigableMap<Integer, String> badInput) {

    /** An item with the chapter it stands in. */
    record Entry(String chapter, String text) {}

    static Lists read() {
        var items = new TreeMap<Integer, Entry>();
        String chapter = "";
        for (String line : text("items.txt").lines().toList()) {
            if (line.startsWith("# ")) {
                chapter = line.substring(2);
            } else {
                items.put(number(line), new Entry(chapter, rest(line)));
            }
        }
        var bad = new TreeMap<Integer, String>();
        lines("bad-input.txt").forEach(line -> bad.put(number(line), rest(line)));
        return new Lists(items, bad);
    }

    private static int number(String line) {
        return Integer.parseInt(line.substring(0, line.indexOf(' ')));
    }

    private static String rest(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    /** The lines of a file that are neither empty nor comments. */
    static List<String> lines(String file) {
        return text(file)
                .lines()
                .filter(l -> !l.isBlank() && !l.startsWith("#"))
                .toList();
    }

    private static String text(String file) {
        String path = "/acceptance/" + file;
        try (InputStream in = Objects.requireNonNull(Lists.class.getResourceAsStream(path), path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package com.smoketurner.postgres.testing.acceptance;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The compiled tests that carry numbers of the contract. */
record NumberedTests(
        NavigableMap<Integer, NavigableSet<Shown>> items, NavigableMap<Integer, NavigableSet<Shown>> badInput) {

    /** A test method and the layer that its class belongs to. */
    record Shown(String test, String layer) implements Comparable<Shown> {
        @Override
        public int compareTo(Shown other) {
            return Comparator.comparing(Shown::layer).thenComparing(Shown::test).compare(this, other);
        }
    }

    static NumberedTests scan() {
        var items = new TreeMap<Integer, NavigableSet<Shown>>();
        var bad = new TreeMap<Integer, NavigableSet<Shown>>();
        for (Class<?> type : testClasses()) {
            for (Method method : type.getDeclaredMethods()) {
                var shown = new Shown(type.getSimpleName() + "." + method.getName(), layer(type.getSimpleName()));
                var acceptance = method.getAnnotation(Acceptance.class);
                if (acceptance != null) {
                    Arrays.stream(acceptance.value())
                            .forEach(n -> items.computeIfAbsent(n, k -> new TreeSet<>())
                                    .add(shown));
                }
                var badInput = method.getAnnotation(BadInput.class);
                if (badInput != null) {
                    Arrays.stream(badInput.value())
                            .forEach(n ->
                                    bad.computeIfAbsent(n, k -> new TreeSet<>()).add(shown));
                }
            }
        }
        return new NumberedTests(items, bad);
    }

    private static String layer(String type) {
        if (type.endsWith("E2E")) {
            return "end to end";
        }
        if (type.endsWith("ApiTest")) {
            return "API server";
        }
        return type.endsWith("QuarkusTest") ? "wiring" : "unit";
    }

    private static List<? extends Class<?>> testClasses() {
        try {
            Path root = Path.of(NumberedTests.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            // Written, but not in the run yet: what they would show counts for nothing.
            List<String> pending = Files.readAllLines(root.resolve("acceptance/pending.txt"));
            try (Stream<Path> files = Files.walk(root)) {
                return files.map(file -> root.relativize(file).toString())
                        .filter(name -> name.matches(".*(Test|E2E)\\.class"))
                        .sorted()
                        .filter(name -> !pending.contains(
                                "**/" + Path.of(name).getFileName().toString().replace(".class", ".java")))
                        .map(name -> load(name.replaceFirst("\\.class$", "").replace('/', '.')))
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, NumberedTests.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}

package com.smoketurner.postgres.cluster.desired;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** The scripts of a member's container; they come from the operator, not from the image. */
final class Scripts {
    static final String RUN = "run";
    static final String PRE_STOP = "pre-stop";
    static final String ARCHIVE_WAL = "archive-wal";
    static final String PATRONICTL = "patronictl";
    static final String REPORT_STORAGE = "report-storage";
    static final String ROLE_CHANGED = "role-changed";
    static final String WATCH_STORAGE = "watch-storage";

    private static final SortedMap<String, String> ALL = load();

    private Scripts() {}

    /** Their texts by name. */
    static SortedMap<String, String> all() {
        return ALL;
    }

    /** The path of a script inside the container. */
    static String path(String name) {
        return Paths.SCRIPTS + "/" + name;
    }

    private static SortedMap<String, String> load() {
        var scripts = new TreeMap<String, String>();
        for (var name : List.of(ARCHIVE_WAL, PATRONICTL, PRE_STOP, REPORT_STORAGE, ROLE_CHANGED, RUN, WATCH_STORAGE)) {
            scripts.put(name, read("scripts/" + name));
        }
        return Collections.unmodifiableSortedMap(scripts);
    }

    private static String read(String resource) {
        try (var in = Scripts.class.getClassLoader().getResourceAsStream(resource)) {
            Objects.requireNonNull(in, () -> "the operator was built without " + resource);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}

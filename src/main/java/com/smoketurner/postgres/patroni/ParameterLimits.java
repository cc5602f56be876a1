package com.smoketurner.postgres.patroni;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Patroni does not pass on to the server although the server would take it: it replaces or drops such a value, says so
 * in its log, and reports the configuration as taken over.
 */
public final class ParameterLimits {

    /** The least that Patroni takes of the parameters it starts servers with, in the server's own unit. */
    private static final Map<String, Limit> LEAST = Map.of(
            "max_connections", new Limit(25, ""),
            "max_locks_per_transaction", new Limit(32, ""),
            "max_replication_slots", new Limit(4, ""),
            "max_wal_senders", new Limit(3, ""),
            "max_worker_processes", new Limit(2, ""),
            "wal_keep_size", new Limit(16, "MB"));

    private static final Set<String> SWITCHED = Set.of("on", "off");

    private static final Set<String> WORDS = Set.of("on", "off", "true", "false", "yes", "no", "1", "0");

    private static final Set<String> ON_COMMAND_LINE = Set.of(
            "max_connections",
            "max_locks_per_transaction",
            "max_prepared_transactions",
            "max_replication_slots",
            "max_wal_senders",
            "max_worker_processes",
            "track_commit_timestamp",
            "wal_level");

    private record Limit(long least, String unit) {}

    private ParameterLimits() {}

    /** Whether Patroni gives it to the server on its command line, where it counts more than any file. */
    public static boolean onCommandLine(String name) {
        return ON_COMMAND_LINE.contains(name);
    }

    /**
     * Why Patroni does not pass on a value; nothing if it does.
     *
     * @param name the parameter's name in lower case
     * @param value it as a user wrote it
     * @param meant what the server takes it for, in its own unit and words
     */
    public static Optional<String> objection(String name, String value, String meant) {
        Limit limit = LEAST.get(name);
        if (limit != null && meant.matches("-?\\d{1,18}") && Long.parseLong(meant) < limit.least()) {
            return Optional.of("Patroni starts no server with less than %d%s".formatted(limit.least(), limit.unit()));
        }
        // The server also takes the beginnings of these words.
        return SWITCHED.contains(meant) && !WORDS.contains(value.toLowerCase(Locale.ROOT))
                ? Optional.of("Patroni reads only on, off, true, false, yes, no, 1 and 0")
                : Optional.empty();
    }
}

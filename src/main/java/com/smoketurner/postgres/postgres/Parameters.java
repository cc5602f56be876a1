package com.smoketurner.postgres.postgres;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Server parameters: the operator's defaults, the names users can not set, and the two merged. */
public final class Parameters {
    public static final String ARCHIVE_COMMAND = "archive_command";
    public static final String RESTORE_COMMAND = "restore_command";
    public static final String WAL_LEVEL = "wal_level";

    private static final String SYNC_REPLICATION_SLOTS = "sync_replication_slots";

    /** The first major version with logical slots that standbys keep too. */
    private static final int FAILOVER_SLOTS_SINCE = 17;

    /** {@code archive_command} while nothing is archived: WAL is recycled as if it were. */
    public static final String ARCHIVE_NOTHING = "/bin/true";

    /** {@code archive_command} of a cluster with backups. pgBackRest takes none that does not contain its name. */
    public static final String ARCHIVE_WAL = "/opt/postgres-operator/bin/archive-wal %p pgbackrest";

    /**
     * {@code restore_command} of a cluster with backups: a member takes from the archive what the primary no longer has, and
     * sees there which timelines have begun before it begins one.
     */
    public static final String RESTORE_WAL = "/opt/postgres-operator/bin/restore-wal %f %p";

    private static final Set<String> WAL_LEVELS = Set.of("logical", "replica");

    private static final Set<String> RESERVED = Set.of(
            "archive_command",
            "archive_library",
            "archive_mode",
            "cluster_name",
            "config_file",
            "data_directory",
            "default_transaction_read_only",
            "external_pid_file",
            "hba_file",
            "hot_standby",
            "ident_file",
            "listen_addresses",
            "log_directory",
            "logging_collector",
            "password_encryption",
            "port",
            "primary_conninfo",
            "primary_slot_name",
            "promote_trigger_file",
            "restore_command",
            "ssl",
            "ssl_ca_file",
            "ssl_cert_file",
            "ssl_crl_file",
            "ssl_key_file",
            "synchronous_standby_names",
            "unix_socket_directories",
            "wal_log_hints");

    /** How many replicas a server can have at a time, and how many it keeps WAL for. */
    public static final List<String> OF_REPLICAS = List.of("max_replication_slots", "max_wal_senders");

    /** For so many members the defaults are enough. */
    private static final int MEMBERS_BY_DEFAULT = 10;

    private static final int MANY = 64;
    private static final int MOST = 256;

    private Parameters() {}

    /**
     * What {@link #OF_REPLICAS} have to be. A replica that is being copied takes two connections, and one that was cut off keeps its
     * old one for a while.
     *
     * @param members at most so many
     */
    public static int connectionsOfReplicas(int members) {
        if (members <= MEMBERS_BY_DEFAULT) {
            return MEMBERS_BY_DEFAULT;
        }
        return 2 * members + 6 <= MANY ? MANY : MOST;
    }

    /** What the operator sets for every version when the user says nothing. */
    public static SortedMap<String, String> defaults() {
        var defaults = new TreeMap<String, String>();
        defaults.put(ARCHIVE_COMMAND, ARCHIVE_NOTHING);
        defaults.put("archive_mode", "on");
        defaults.put("archive_timeout", "300s");
        defaults.put("hot_standby", "on");
        defaults.put("hot_standby_feedback", "on");
        defaults.put("max_connections", "100");
        defaults.put("max_replication_slots", "10");
        defaults.put("max_wal_senders", "10");
        defaults.put("password_encryption", "scram-sha-256");
        defaults.put("shared_buffers", "128MB");
        defaults.put("wal_keep_size", "1GB");
        defaults.put(WAL_LEVEL, "logical");
        defaults.put("wal_log_hints", "on");
        return Collections.unmodifiableSortedMap(defaults);
    }

    /** As {@link #effective(Map, String, boolean)} for a cluster that archives nothing. */
    public static SortedMap<String, String> effective(Map<String, String> user, String major) {
        return effective(user, major, false);
    }

    /**
     * The defaults of that major version overridden by the user's parameters, of which the refused ones are left out.
     *
     * @param archived whether WAL is archived
     */
    public static SortedMap<String, String> effective(Map<String, String> user, String major, boolean archived) {
        var effective = new TreeMap<>(defaults());
        if (archived) {
            effective.put(ARCHIVE_COMMAND, ARCHIVE_WAL);
            effective.put(RESTORE_COMMAND, RESTORE_WAL);
        }
        effective.putAll(user(user));
        if (Integer.parseInt(major) >= FAILOVER_SLOTS_SINCE) {
            // With another WAL level PostgreSQL does not start with it.
            boolean logical = "logical".equalsIgnoreCase(effective.get(WAL_LEVEL));
            effective.putIfAbsent(SYNC_REPLICATION_SLOTS, logical ? "on" : "off");
        }
        return Collections.unmodifiableSortedMap(effective);
    }

    /** The user's parameters by their normalised names, without the refused ones. */
    public static SortedMap<String, String> user(Map<String, String> user) {
        var accepted = new TreeMap<String, String>();
        new TreeMap<>(user).forEach((name, value) -> {
            if (!isRefused(name, value)) {
                accepted.put(normalise(name), value);
            }
        });
        return Collections.unmodifiableSortedMap(accepted);
    }

    /** The names among the user's parameters that are not theirs to set. */
    public static SortedSet<String> reserved(Map<String, String> user) {
        var names = new TreeSet<String>();
        user.keySet().stream().filter(Parameters::isReserved).forEach(names::add);
        return Collections.unmodifiableSortedSet(names);
    }

    /** Whether the operator alone sets that parameter. */
    public static boolean isReserved(String name) {
        var normalised = normalise(name);
        return RESERVED.contains(normalised) || normalised.startsWith("recovery_");
    }

    /** Whether the WAL level that the user sets, if they set one, lets replicas exist. */
    public static boolean hasSupportedWalLevel(Map<String, String> user) {
        return user.entrySet().stream()
                .filter(entry -> normalise(entry.getKey()).equals(WAL_LEVEL))
                .allMatch(entry -> isSupportedWalLevel(entry.getValue()));
    }

    /** What a person is told of a value that is not taken. */
    public static String refusal(String name, String value, String why) {
        return "parameter %s: value \"%s\" is not valid (%s)".formatted(name, visible(value), why);
    }

    /**
     * What is wrong with the first of the user's values that no configuration file can hold. A line break ends the value there,
     * and the server does not start with what follows; a tab is an ordinary character.
     */
    public static Optional<String> unwritable(Map<String, String> user) {
        return new TreeMap<>(user)
                .entrySet().stream()
                        .filter(entry -> !isWritable(entry.getValue()))
                        .findFirst()
                        .map(entry -> refusal(
                                entry.getKey(),
                                entry.getValue(),
                                "it contains a line break or another control character; remove it"));
    }

    private static boolean isWritable(String value) {
        return value.chars().noneMatch(c -> (Character.isISOControl(c) && c != '\t') || c == 0x2028 || c == 0x2029);
    }

    private static String visible(String value) {
        var text = new StringBuilder(value.length());
        value.chars().forEach(c -> {
            switch (c) {
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (isWritable(Character.toString(c))) {
                        text.append((char) c);
                    } else {
                        text.append("\\u%04x".formatted(c));
                    }
                }
            }
        });
        return text.toString();
    }

    /** Whether that WAL level lets replicas exist. */
    public static boolean isSupportedWalLevel(String value) {
        return WAL_LEVELS.contains(value.toLowerCase(Locale.ROOT));
    }

    private static boolean isRefused(String name, String value) {
        return isReserved(name)
                || !isWritable(value)
                || (normalise(name).equals(WAL_LEVEL) && !isSupportedWalLevel(value));
    }

    /** PostgreSQL compares parameter names without regard to case. */
    private static String normalise(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}

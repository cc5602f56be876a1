package com.smoketurner.postgres.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The session in which the operator's own SQL runs. Settings in the connection request override those of the server, of the
 * database and of the role, so nothing that {@code ALTER SYSTEM}, {@code ALTER DATABASE} or {@code ALTER ROLE} sets for
 * applications reaches it, and nothing that it sends reaches a log, a statistics view or {@code pg_stat_activity}.
 */
public final class OwnSession {

    /** The operator's sessions in {@code pg_stat_activity} and in the server's log. */
    public static final String APPLICATION = "postgres-operator";

    /** The database that every server has. */
    public static final String HOME = "postgres";

    private static final String SUPERUSER = "postgres";

    private static final Map<String, String> SETTINGS = settings();

    /**
     * Settings that not every server knows: those of extensions that log or keep statements, and that of a newer major version
     * which would end a transaction.
     */
    private static final Map<String, String> WHERE_KNOWN = whereKnown();

    private static final String FATAL = "FATAL: ";

    private static final Pattern RECEIVER = Pattern.compile(
            FATAL + ".*could not (connect to the primary server|receive data from WAL stream|start WAL streaming)");

    private static final Pattern VERIFIER = Pattern.compile("SCRAM-SHA-256\\$[^\\s'\"]*|md5[0-9a-f]{32}");

    private OwnSession() {}

    private static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        // What would keep it from logging in, or from writing as the superuser.
        settings.put("session_preload_libraries", "");
        settings.put("local_preload_libraries", "");
        settings.put("role", "none");
        settings.put("default_transaction_read_only", "off");
        settings.put("search_path", "pg_catalog");
        // What would end it, or let it wait for others.
        settings.put("statement_timeout", "8s");
        settings.put("lock_timeout", "5s");
        settings.put("idle_in_transaction_session_timeout", "10s");
        settings.put("synchronous_commit", "local");
        // What would show its statements.
        settings.put("log_statement", "none");
        settings.put("log_min_duration_statement", "-1");
        settings.put("log_min_duration_sample", "-1");
        settings.put("log_transaction_sample_rate", "0");
        settings.put("log_duration", "off");
        settings.put("log_min_error_statement", "panic");
        settings.put("log_parser_stats", "off");
        settings.put("log_planner_stats", "off");
        settings.put("log_executor_stats", "off");
        settings.put("log_statement_stats", "off");
        settings.put("debug_print_parse", "off");
        settings.put("debug_print_rewritten", "off");
        settings.put("debug_print_plan", "off");
        settings.put("track_activities", "off");
        // What it answers is read by a program.
        settings.put("client_min_messages", "error");
        settings.put("lc_messages", "C");
        return settings;
    }

    private static Map<String, String> whereKnown() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("transaction_timeout", "0");
        settings.put("auto_explain.log_min_duration", "-1");
        settings.put("pg_stat_statements.track", "none");
        settings.put("pg_stat_statements.track_utility", "off");
        settings.put("pg_stat_monitor.pgsm_track", "none");
        settings.put("pg_stat_monitor.pgsm_track_utility", "off");
        settings.put("pgaudit.log", "none");
        settings.put("pgaudit.role", "");
        return settings;
    }

    /** The connection string of libpq, for the local socket of the server. */
    public static String connection() {
        return connection(HOME);
    }

    /** The same to another database. */
    public static String connection(String database) {
        String options = SETTINGS.entrySet().stream()
                .map(setting -> "-c %s=%s".formatted(setting.getKey(), setting.getValue()))
                .collect(Collectors.joining(" "));
        return "dbname='%s' user=%s application_name=%s connect_timeout=5 client_encoding=UTF8 options='%s'"
                .formatted(database.replace("\\", "\\\\").replace("'", "\\'"), SUPERUSER, APPLICATION, options);
    }

    /**
     * The same through one of the places for replication, which the server counts apart ({@code max_wal_senders}): a way in
     * while applications hold all connections, those that are reserved for superusers included.
     */
    public static String spareConnection(String database) {
        return connection(database) + " replication=database";
    }

    /** The statement that keeps extensions from noting those that follow it, and the server from ending them early. */
    public static String silence() {
        String values = WHERE_KNOWN.entrySet().stream()
                .map(setting ->
                        "(%s, %s)".formatted(Literals.quote(setting.getKey()), Literals.quote(setting.getValue())))
                .collect(Collectors.joining(", "));
        return "SELECT count(set_config(s.name, v.value, false)) FROM pg_settings s JOIN (VALUES " + values
                + ") v (name, value) USING (name) WHERE s.context IN ('user', 'superuser')";
    }

    /**
     * What the server, or psql, says of a failure: one line without verifiers of passwords.
     *
     * @param error what psql wrote to its standard error
     */
    public static String words(String error) {
        Optional<String> server = error.lines()
                .flatMap(line -> severity(line, FATAL).or(() -> severity(line, "ERROR: ")).stream())
                .findFirst();
        String words = server.or(
                        () -> error.lines().filter(line -> !line.isBlank()).findFirst())
                .orElse("psql gave no reason");
        return withoutVerifiers(words);
    }

    /**
     * Why a server does not receive the changes of its primary, as the log has it: the words of the primary, where it has
     * answered.
     *
     * @param log the end of the log; applications and Patroni write into it as well
     */
    public static Optional<String> receiverError(String log) {
        return log.lines()
                .filter(line -> RECEIVER.matcher(line).find())
                .map(line -> line.substring(line.lastIndexOf(FATAL) + FATAL.length()))
                .map(OwnSession::withoutVerifiers)
                .reduce((first, second) -> second);
    }

    private static String withoutVerifiers(String words) {
        return VERIFIER.matcher(words.strip()).replaceAll("<verifier>");
    }

    /** Whether the words of a server say that all of its connections are taken. */
    public static boolean outOfConnections(String words) {
        return words.contains("too many clients already") || words.contains("connection slots are reserved");
    }

    /** Whether a primary says that a replica has asked for WAL which comes after the primary's own. */
    public static boolean aheadOfPrimary(String words) {
        return words.contains("ahead of the WAL flush position");
    }

    private static Optional<String> severity(String line, String label) {
        int at = line.indexOf(label);
        return at < 0 ? Optional.empty() : Optional.of(line.substring(at + label.length()));
    }
}

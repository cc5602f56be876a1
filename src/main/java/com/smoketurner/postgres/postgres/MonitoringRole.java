package com.smoketurner.postgres.postgres;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a role that reads statistics may do, beside logging in. It can neither hold up the server nor take its connections: a
 * scrape that waits for a lock is given up.
 */
public final class MonitoringRole {

    public static final String NAME = "postgres_operator_monitor";

    /** A scrape that hangs, the next one, and somebody who looks for the reason. */
    private static final int CONNECTIONS = 4;

    private static final List<String> SETTINGS = List.of(
            "statement_timeout = '5s'",
            "lock_timeout = '500ms'",
            "idle_session_timeout = '60s'",
            "default_transaction_read_only = on",
            "search_path = pg_catalog");

    private MonitoringRole() {}

    /** The statements after the role has been created. */
    public static List<String> define(String name) {
        String role = Identifiers.quote(name);
        return Stream.concat(
                        Stream.of(
                                "ALTER ROLE %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT %d"
                                        .formatted(role, CONNECTIONS),
                                "GRANT pg_monitor TO " + role),
                        SETTINGS.stream().map(setting -> "ALTER ROLE %s SET %s".formatted(role, setting)))
                .toList();
    }

    /** The statement after which nobody logs in as the role; it may have been granted to by others, so it is not dropped. */
    public static String retire(String name) {
        return "ALTER ROLE %s NOLOGIN PASSWORD NULL".formatted(Identifiers.quote(name));
    }
}

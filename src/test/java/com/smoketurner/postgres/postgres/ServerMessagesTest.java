package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServerMessagesTest {

    private static List<String> log(String text) {
        return text.lines().toList();
    }

    @Test
    void theLastStartCounts() {
        assertThat(ServerMessages.failure(log("""
                2026-11-29 10:00:00.000 UTC [7] FATAL:  could not access file "old": No such file or directory
                2026-11-29 10:00:10.000 UTC [8] FATAL:  could not access file "pgaudit_typo": No such file or directory
                2026-11-29 10:00:10,100 INFO: postmaster pid=8
                /run/postgresql:5432 - no response
                """)))
                .contains("could not access file \"pgaudit_typo\": No such file or directory");
    }

    @Test
    void aFileWithErrorsIsNamedByThem() {
        assertThat(ServerMessages.failure(log("""
                LOG:  skipping missing configuration file "postgresql.auto.conf"
                LOG:  invalid value for parameter "work_mem": "lots" in file "/a/postgresql.conf" line 3
                LOG:  unrecognized configuration parameter "nosuch" in file "/a/postgresql.conf" line 4
                FATAL:  configuration file "/a/postgresql.conf" contains errors
                """)))
                .contains(
                        "invalid value for parameter \"work_mem\": \"lots\"; unrecognized configuration parameter \"nosuch\"");
    }

    @Test
    void whatComesBeforeTheSeverityIsUpToTheUser() {
        assertThat(ServerMessages.failure(log("<app@db>it's FATAL:  could not map anonymous shared memory: no memory")))
                .contains("could not map anonymous shared memory: no memory");
        assertThat(ServerMessages.failure(
                        log("postgres: superuser_reserved_connections (9) must be less than max_connections (8)")))
                .contains("superuser_reserved_connections (9) must be less than max_connections (8)");
    }

    @Test
    void whatTheServerComplainedOfBeforeIsQuotedToo() {
        assertThat(ServerMessages.failure(log("""
                x LOG:  listening on IPv6 address "::", port 5432
                x LOG:  group "nosuch" does not exist
                x WARNING:  could not create Unix-domain socket in directory "/run/postgresql"
                x FATAL:  could not create any Unix-domain sockets
                x LOG:  database system is shut down
                """)))
                .contains("group \"nosuch\" does not exist; could not create any Unix-domain sockets");
    }

    @Test
    void whatClientsAreToldIsNoFailure() {
        assertThat(ServerMessages.failure(log("""
                x FATAL:  the database system is starting up
                x FATAL:  password authentication failed for user "standby"
                x FATAL:  role "app" does not exist
                x LOG:  database system is ready to accept connections
                """))).isEmpty();
        assertThat(ServerMessages.failure(log("ERROR:  canceling statement; said 'FATAL:  x' before")))
                .isEmpty();
    }

    /** A replica that has just been cloned starts before its primary has made the replication slot. */
    @Test
    void whatTheReceiverEndsWithIsNoFailure() {
        assertThat(ServerMessages.failure(log("""
                x FATAL:  could not start WAL streaming: ERROR:  replication slot "c_1" does not exist
                x FATAL:  could not connect to the primary server: connection to server at "c-0" failed
                x FATAL:  could not receive data from WAL stream: server closed the connection unexpectedly
                """))).isEmpty();
    }
}

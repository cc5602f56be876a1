package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That the settings do what they are for is shown end to end, on real servers. */
class OwnSessionTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "psql: error: connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: FATAL:  sorry, too many clients already"
                        + "# sorry, too many clients already",
                "psql:<stdin>:3: ERROR:  cannot execute ALTER ROLE in a read-only transaction"
                        + "# cannot execute ALTER ROLE in a read-only transaction",
                "psql:<stdin>:2: FATAL:  terminating connection due to administrator command"
                        + "# terminating connection due to administrator command",
                "psql: error: connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: No such file or directory"
                        + "# psql: error: connection to server on socket \"/run/postgresql/.s.PGSQL.5432\" failed: No such file or directory",
                "''# psql gave no reason",
            })
    void aFailureIsNamedWithTheWordsOfTheServer(String error, String words) {
        assertThat(OwnSession.words(error)).isEqualTo(words);
    }

    @Test
    void theReasonIsFoundBehindNoticesAndBeforeWhatFollowsFromIt() {
        assertThat(OwnSession.words("""

                psql:<stdin>:1: WARNING:  there is already a transaction in progress
                psql:<stdin>:2: ERROR:  role "standby" does not exist
                LINE 1: ALTER ROLE standby
                psql:<stdin>:3: ERROR:  current transaction is aborted
                """)).isEqualTo("role \"standby\" does not exist");
    }

    @ParameterizedTest
    @CsvSource({
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        "md5d8578edf8458ce06fbc5bb76a58c5ca4"
    })
    void noVerifierIsAmongThem(String verifier) {
        assertThat(OwnSession.words(
                        "psql:<stdin>:2: ERROR:  syntax error at or near \"" + verifier + "\" at character 31"))
                .isEqualTo("syntax error at or near \"<verifier>\" at character 31");
    }

    @Test
    void aReplicaSaysWhyItIsRefused() {
        String refused =
                "2026-11-29 10:58:16.470 UTC [8153] FATAL:  could not connect to the primary server: connection to server at"
                        + " \"10.244.2.6\", port 5432 failed: FATAL:  password authentication failed for user \"standby\"";
        assertThat(OwnSession.receiverError("""
                2026-11-29 10:58:11.470 UTC [8150] FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 000000010000000000000001 has already been removed
                %s
                2026-11-29 10:58:17.776 UTC [8206] FATAL:  password authentication failed for user "app"
                2026-11-29 10:58:17,128 INFO: no action. I am (full-0), a secondary
                """.formatted(refused)))
                .contains("password authentication failed for user \"standby\"");
        assertThat(
                        OwnSession.receiverError(
                                "FATAL:  streaming replication receiver \"c-1\" could not connect to the primary server: timeout"))
                .contains("streaming replication receiver \"c-1\" could not connect to the primary server: timeout");
        assertThat(
                        OwnSession.receiverError(
                                "FATAL:  could not receive data from WAL stream: ERROR:  requested WAL segment 1 has already been removed"))
                .contains(
                        "could not receive data from WAL stream: ERROR:  requested WAL segment 1 has already been removed");
        assertThat(OwnSession.receiverError("FATAL:  sorry, too many clients already\n"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "true # sorry, too many clients already",
                "true # remaining connection slots are reserved for non-replication superuser connections",
                "true # remaining connection slots are reserved for roles with the SUPERUSER attribute",
                "false # too many connections for role \"app\"",
                "false # the database system is starting up"
            })
    void knowsThatNoConnectionIsFree(boolean full, String words) {
        assertThat(OwnSession.outOfConnections(words)).isEqualTo(full);
    }

    @Test
    void theStringIsOneThatLibpqTakes() {
        String options =
                OwnSession.connection().replaceFirst(".* options='", "").replaceFirst("'$", "");
        assertThat(options).doesNotContain("'", "\\").startsWith("-c ");
        assertThat(options.split("-c ", -1))
                .hasSizeGreaterThan(20)
                .allMatch(o -> o.isEmpty() || o.matches("[a-z_]+=\\S* ?"));
        assertThat(OwnSession.spareConnection("postgres")).endsWith("' replication=database");
    }
}

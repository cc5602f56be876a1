package com.smoketurner.postgres.patroni;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.postgres.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterLimitsTest {
    @ParameterizedTest
    @CsvSource({
        "max_connections,24,25",
        "max_locks_per_transaction,31,32",
        "max_replication_slots,3,4",
        "max_wal_senders,2,3",
        "max_worker_processes,1,2",
        "wal_keep_size,15,16",
    })
    void lessThanPatroniStartsAServerWith(String name, String less, String least) {
        assertThat(ParameterLimits.objection(name, less, less))
                .hasValueSatisfying(why -> assertThat(why).contains("less than " + least));
        assertThat(ParameterLimits.objection(name, least, least)).isEmpty();
    }

    @Test
    void whatCountsIsWhatTheServerMakesOfAValue() {
        assertThat(ParameterLimits.objection("wal_keep_size", "16384kB", "16")).isEmpty();
        assertThat(ParameterLimits.objection("wal_keep_size", "1600kB", "2"))
                .hasValue("Patroni starts no server with less than 16MB");
    }

    @ParameterizedTest
    @CsvSource({"t,on", "tru,on", "y,on", "of,off", "F,off", "n,off"})
    void beginningsOfWordsAreNotPassedOn(String value, String meant) {
        assertThat(ParameterLimits.objection("fsync", value, meant)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"on,on", "TRUE,on", "Yes,on", "1,on", "off,off", "false,off", "NO,off", "0,off", "pglz,pglz", "t,t"})
    void allElseIs(String value, String meant) {
        assertThat(ParameterLimits.objection("wal_compression", value, meant)).isEmpty();
    }

    @Test
    void theOperatorsOwnDefaultsAreWithinTheLimits() {
        Parameters.defaults()
                .forEach((name, value) -> assertThat(ParameterLimits.objection(name, value, value))
                        .as(name)
                        .isEmpty());
    }
}

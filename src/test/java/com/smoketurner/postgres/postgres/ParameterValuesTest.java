package com.smoketurner.postgres.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterValuesTest {

    @ParameterizedTest
    @CsvSource({
        "64MB, 65536kB, true",
        "1.5GB, 1536 MB, true",
        "10min, 600s, true",
        "2500us, 2.5ms, true",
        "on, TRUE, true",
        "off, 0, true",
        "64MB, 63MB, false",
        "64MB, 64s, false",
        "64MB, 65536, false",
        "public, Public, false",
    })
    void theSameInOtherWords(String one, String other, boolean same) {
        assertThat(ParameterValues.same(one, other)).isEqualTo(same);
    }
}

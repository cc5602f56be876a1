package com.smoketurner.postgres.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Duration USUAL = Duration.ofSeconds(10);

    @Test
    void aFasterMachineIsGivenTheUsualTime() {
        assertThat(Patience.factor(Duration.ofSeconds(3), USUAL)).isEqualTo(1);
    }

    @Test
    void aSlowerMachineIsGivenMoreInProportion() {
        assertThat(Patience.factor(Duration.ofSeconds(25), USUAL)).isEqualTo(2.5);
    }

    @Test
    void nobodyWaitsForever() {
        assertThat(Patience.factor(Duration.ofHours(1), USUAL)).isEqualTo(8);
    }
}

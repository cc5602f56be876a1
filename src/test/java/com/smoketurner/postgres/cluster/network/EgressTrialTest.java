package com.smoketurner.postgres.cluster.network;

import static com.smoketurner.postgres.cluster.network.EgressTrial.Stage.FAILED;
import static com.smoketurner.postgres.cluster.network.EgressTrial.Stage.PASSED;
import static com.smoketurner.postgres.cluster.network.EgressTrial.Stage.TRYING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EgressTrialTest {
    @Test
    void theSameRulesAreTriedOnce() {
        for (EgressTrial.Stage stage : EgressTrial.Stage.values()) {
            EgressTrial trial = new EgressTrial("abc", stage);
            assertThat(EgressTrial.of(trial.text(), "abc")).isEqualTo(trial);
        }
    }

    @Test
    void otherRulesAreTriedAgain() {
        assertThat(EgressTrial.of(new EgressTrial("abc", FAILED).text(), "def"))
                .isEqualTo(new EgressTrial("def", TRYING));
        assertThat(EgressTrial.of(null, "def").stage()).isEqualTo(TRYING);
        assertThat(EgressTrial.of("edited by hand", "def").stage()).isEqualTo(TRYING);
        assertThat(new EgressTrial("abc", TRYING).at(PASSED)).isEqualTo(new EgressTrial("abc", PASSED));
    }
}

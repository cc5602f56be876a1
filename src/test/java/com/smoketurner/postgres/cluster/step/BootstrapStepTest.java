package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.values.Members;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootstrapStepTest {

    private static Member says(int ordinal, String state, String role) {
        return Members.member(ordinal, false, false)
                .annotated(Map.of("status", "{\"state\":\"%s\",\"role\":\"%s\"}".formatted(state, role)))
                .build();
    }

    @Test
    void membersWithoutDataThatDoNothingWait() {
        assertThat(BootstrapStep.allWait(
                        List.of(says(0, "stopped", "uninitialized"), says(1, "stopped", "uninitialized"))))
                .isTrue();
    }

    @Test
    void oneThatCreatesTheServerOrHasDataIsLeftAlone() {
        for (String state : List.of("initializing new cluster", "running custom bootstrap script", "starting")) {
            assertThat(BootstrapStep.allWait(
                            List.of(says(0, state, "uninitialized"), says(1, "stopped", "uninitialized"))))
                    .isFalse();
        }
        assertThat(BootstrapStep.allWait(List.of(says(0, "stopped", "replica"))))
                .isFalse();
    }

    @Test
    void withoutAWordOfAnyoneNothingIsKnown() {
        assertThat(BootstrapStep.allWait(List.of())).isFalse();
        assertThat(BootstrapStep.allWait(List.of(Members.member(0, false, false)
                        .annotated(Map.of("status", ""))
                        .build())))
                .isFalse();
    }
}

package com.smoketurner.postgres.cluster.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunningParametersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Member PRIMARY = Members.member(0, true, true).build();
    private static final Member DOWN = Members.member(1, false, false).build();

    private static Optional<String> judging(Member... members) {
        return RunningParameters.judging(Runs.of(
                        Clusters.cluster("replicas: 2"),
                        Observed.members(members).leader("c-0", NOW).build(),
                        NOW))
                .map(Member::name);
    }

    @Test
    void thePrimaryJudges() {
        assertThat(judging(PRIMARY, DOWN)).contains("c-0");
    }

    @Test
    void withoutAPrimaryAnyContainerThatRunsDoes() {
        assertThat(judging(Members.member(0, true, false).build(), DOWN)).contains("c-0");
        assertThat(judging(
                        Members.member(0, true, false)
                                .waiting("CrashLoopBackOff")
                                .build(),
                        DOWN))
                .contains("c-1");
    }

    @Test
    void withoutAnyTheyAreAppliedUnjudged() {
        assertThat(judging()).isEmpty();
        assertThat(judging(Members.member(0, true, false)
                        .waiting("CrashLoopBackOff")
                        .build()))
                .isEmpty();
    }
}

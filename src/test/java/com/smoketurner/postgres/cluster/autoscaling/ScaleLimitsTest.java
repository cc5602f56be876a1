package com.smoketurner.postgres.cluster.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScaleLimitsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static ScaleLimits limits(String leader, Member... members) {
        return ScaleLimits.of(Runs.of(
                Clusters.cluster("replicas: 3"),
                Observed.members(members).leader(leader, NOW).build(),
                NOW));
    }

    @Test
    void membersThatAreReadyAreMeasured() {
        assertThat(limits(
                                "c-2",
                                Members.member(0, false, true).build(),
                                Members.member(1, false, false).build(),
                                Members.member(2, true, true).build())
                        .measured())
                .containsExactly(0, 2);
        assertThat(limits("c-0").measured()).as("before there is one").containsExactly(0);
    }

    @Test
    void theLeaderIsOneThatIsThere() {
        assertThat(limits("c-2", Members.member(2, true, true).build()).leader())
                .isEqualTo(2);
        assertThat(limits("c-2", Members.member(0, false, true).build()).leader())
                .isNegative();
    }

    @Test
    void whoIsNotReadFromLags() {
        assertThat(limits(
                                "c-0",
                                Members.member(0, true, true).build(),
                                Members.member(1, false, true)
                                        .userLabels(Map.of(Project.GROUP + "/reader", "false"))
                                        .build(),
                                Members.member(2, false, true).build())
                        .lagging())
                .containsExactly("c-1");
    }
}

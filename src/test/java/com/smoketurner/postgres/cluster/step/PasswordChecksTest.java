package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PasswordChecksTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final PasswordChecks checks = new PasswordChecks();

    private static ClusterView run(Duration later, Members replica) {
        Instant now = NOW.plus(later);
        return Runs.of(
                Clusters.cluster(),
                Observed.members(Members.member(0, true, true).build(), replica.build())
                        .leader("c-0", now)
                        .build(),
                now);
    }

    private static Members streaming() {
        return Members.member(1, false, true);
    }

    private static Members refused() {
        return streaming().annotated(Map.of("status", "{\"state\":\"running\",\"role\":\"replica\"}"));
    }

    @Test
    void aServerThatIsWellIsAskedEveryFewMinutes() {
        assertThat(checks.due(run(Duration.ZERO, streaming())))
                .as("the operator starts")
                .isFalse();
        assertThat(checks.due(run(Duration.ofSeconds(179), streaming()))).isFalse();
        assertThat(checks.due(run(Duration.ofMinutes(3), streaming()))).isTrue();
        assertThat(checks.due(run(Duration.ofMinutes(4), streaming())))
                .as("it could not be asked")
                .isTrue();
        checks.done(run(Duration.ofMinutes(4), streaming()));
        assertThat(checks.due(run(Duration.ofMinutes(5), streaming()))).isFalse();
        assertThat(checks.due(run(Duration.ofMinutes(7), streaming()))).isTrue();
    }

    @Test
    void soonWhereAReplicaDoesNotStream() {
        assertThat(checks.due(run(Duration.ZERO, streaming()))).isFalse();
        assertThat(checks.due(run(Duration.ofSeconds(10), refused()))).isFalse();
        assertThat(checks.due(run(Duration.ofSeconds(15), refused()))).isTrue();
        checks.done(run(Duration.ofSeconds(15), refused()));
        assertThat(checks.due(run(Duration.ofSeconds(20), refused()))).isFalse();
        assertThat(checks.due(run(Duration.ofSeconds(30), refused()))).isTrue();
        assertThat(checks.due(run(Duration.ofSeconds(31), streaming()))).isFalse();
    }
}

package com.smoketurner.postgres.cluster.step;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunningParametersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String SET = "postgresqlParams: {work_mem: 64MB}";

    private static final boolean MARKED = true;

    private static final Endpoints CONFIG = new EndpointsBuilder()
            .withNewMetadata()
            .withName("my-cluster-config")
            .withResourceVersion("1")
            .addToAnnotations("config", "{\"ttl\":20}")
            .endMetadata()
            .build();

    private static ClusterView run(String spec, Optional<Endpoints> config, boolean serves) {
        Member member = Members.member(0, true, serves).build();
        return Runs.of(
                Clusters.cluster(spec),
                Observed.members(member).leader("c-0", NOW).config(config).build(),
                NOW);
    }

    @Test
    void parametersAreUnjudgedUntilThereIsAServer() {
        assertThat(RunningParameters.unjudged(run(SET, Optional.empty(), false), () -> !MARKED))
                .isTrue();
        assertThat(RunningParameters.unjudged(run(SET, Optional.of(CONFIG), false), () -> MARKED))
                .isTrue();
        assertThat(RunningParameters.unjudged(run(SET, Optional.of(CONFIG), true), () -> MARKED))
                .isFalse();
    }

    @Test
    void onceJudgedTheyStaySoWhenThePrimaryIsLost() {
        assertThat(RunningParameters.unjudged(run(SET, Optional.of(CONFIG), false), () -> !MARKED))
                .isFalse();
    }

    @Test
    void withoutParametersThereIsNothingToJudge() {
        assertThat(RunningParameters.unjudged(run("replicas: 1", Optional.empty(), false), () -> !MARKED))
                .isFalse();
    }
}

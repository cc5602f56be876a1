package com.smoketurner.postgres.cluster.status;

import static com.smoketurner.postgres.testing.values.Clusters.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {

    private static Optional<String> warning(String... spec) {
        return MemoryLimit.warning(cluster(spec).getSpec());
    }

    @Test
    void aLimitThatLeavesTooLittleIsNamed() {
        assertThat(warning("resources: {limits: {memory: 1200Mi}}", "postgresqlParams: {shared_buffers: 1GB}"))
                .contains("spec.resources.limits.memory (1200Mi) is less than 1.25 times shared_buffers (1GB):"
                        + " members may be OOMKilled");
        assertThat(warning("resources: {limits: {memory: 1Gi}}", "postgresqlParams: {Shared_Buffers: '131072'}"))
                .as("blocks of 8 kB")
                .isPresent();
        assertThat(warning("resources: {limits: {memory: 128Mi}}"))
                .as("by default 128MB")
                .isPresent();
    }

    @Test
    void whatIsEnoughOrNotKnownIsNot() {
        assertThat(warning("resources: {limits: {memory: 1280Mi}}", "postgresqlParams: {shared_buffers: 1GB}"))
                .isEmpty();
        assertThat(warning("postgresqlParams: {shared_buffers: 100GB}")).isEmpty();
        assertThat(warning("resources: {limits: {memory: 1Mi}}", "postgresqlParams: {shared_buffers: much}"))
                .isEmpty();
        assertThat(warning("resources: {limits: {memory: 160Mi}}")).isEmpty();
    }
}

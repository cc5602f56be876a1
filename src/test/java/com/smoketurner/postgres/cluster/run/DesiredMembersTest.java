package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many members there are to be, with and without an autoscaler. */
class DesiredMembersTest {

    private static final PostgresCluster SCALED =
            Clusters.cluster("replicas: 3", "scaling: {enabled: true, maxReplicas: 10}");
    private static final Autoscaler SERVED = new Autoscaler(true, Optional.empty(), Optional.empty());
    private static final Autoscaler AT_WORK =
            new Autoscaler(true, Optional.of(new GenericKubernetesResource()), Optional.empty());

    private static int desired(PostgresCluster cluster, Autoscaler autoscaler, Optional<Integer> applied) {
        Optional<StatefulSet> set = applied.map(count -> new StatefulSetBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewSpec()
                .withReplicas(count)
                .endSpec()
                .build());
        return Runs.of(
                        cluster,
                        Observed.members()
                                .statefulSet(set)
                                .autoscaler(autoscaler)
                                .build(),
                        Instant.EPOCH)
                .desired();
    }

    @Test
    void theSpecSaysItFirst() {
        assertThat(desired(SCALED, SERVED, Optional.empty())).isEqualTo(3);
        assertThat(desired(SCALED, AT_WORK, Optional.of(0)))
                .as("an autoscaler does not start what was stopped")
                .isEqualTo(3);
        assertThat(desired(SCALED, Autoscaler.NONE, Optional.of(6)))
                .as("without KEDA")
                .isEqualTo(3);
    }

    @Test
    void thenTheAutoscaler() {
        assertThat(desired(SCALED, AT_WORK, Optional.of(6))).isEqualTo(6);
        assertThat(desired(SCALED, SERVED, Optional.of(6)))
                .as("its object was deleted, and is made again")
                .isEqualTo(6);
    }

    @Test
    void untilItHasLetGo() {
        PostgresCluster off = Clusters.cluster("replicas: 3");
        assertThat(desired(off, AT_WORK, Optional.of(6))).isEqualTo(6);
        assertThat(desired(off, SERVED, Optional.of(6))).isEqualTo(3);
    }
}

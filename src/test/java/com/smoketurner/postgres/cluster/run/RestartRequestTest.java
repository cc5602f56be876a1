package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The annotation {@code restart}: a new value is one rollout, everything else is none. */
class RestartRequestTest {

    private static StatefulSet set(@Nullable String request, Optional<StatefulSet> present) {
        PostgresCluster cluster = Clusters.cluster();
        cluster.getMetadata().setAnnotations(request == null ? Map.of() : Map.of(Annotations.RESTART, request));
        var observed = Observed.members().statefulSet(present).build();
        var run = Runs.of(cluster, observed, Instant.EPOCH);
        return StatefulSets.of(cluster, Runs.SETTINGS, run.podInputs());
    }

    private static @Nullable String hash(StatefulSet set) {
        return set.getSpec().getTemplate().getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH);
    }

    @Test
    void aNewValueIsOneRolloutAndTakingItAwayIsNone() {
        StatefulSet before = set(null, Optional.empty());
        StatefulSet asked = set("1", Optional.of(before));
        assertThat(hash(asked)).isNotEqualTo(hash(before));
        // Another process of the operator sees the same and makes the same of it.
        assertThat(set("1", Optional.of(asked))).isEqualTo(asked);
        assertThat(set(null, Optional.of(asked))).isEqualTo(asked);
        assertThat(hash(set("2", Optional.of(asked)))).isNotEqualTo(hash(asked));
    }
}

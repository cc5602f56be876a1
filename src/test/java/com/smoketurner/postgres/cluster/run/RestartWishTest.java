package com.smoketurner.postgres.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.Clusters;
import com.smoketurner.postgres.testing.Observed;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The annotation {@code restart}: a new value is one rollout, everything else is none. */
class RestartWishTest {

    private static final Settings SETTINGS = new Settings(
            new TreeMap<>(Map.of("16", "image:16")),
            "pooler",
            "exporter",
            101,
            103,
            "cluster.local",
            null,
            "system",
            true);

    private static StatefulSet set(@Nullable String wish, Optional<StatefulSet> present) {
        PostgresCluster cluster = Clusters.cluster();
        cluster.getMetadata().setAnnotations(wish == null ? Map.of() : Map.of(Annotations.RESTART, wish));
        var observed = Observed.members().statefulSet(present).build();
        var run = ClusterRun.readOnly(cluster, observed, SETTINGS, Instant.EPOCH);
        return StatefulSets.of(cluster, SETTINGS, run.facts());
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

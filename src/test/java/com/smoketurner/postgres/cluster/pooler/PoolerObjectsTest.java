package com.smoketurner.postgres.cluster.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.values.Clusters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolerObjectsTest {

    @Test
    @Acceptance(14)
    void noSelectorMatchesPodsOfTheOther() {
        PostgresCluster cluster = Clusters.cluster("pgbouncer: {enabled: true, enableReplicaPooler: true}");
        List<Pooler> poolers = Pooler.all(cluster);
        assertThat(poolers).hasSize(2);
        for (Pooler pooler : poolers) {
            for (Pooler other : poolers) {
                assertThat(other.podLabels()
                                .entrySet()
                                .containsAll(pooler.selector().entrySet()))
                        .isEqualTo(pooler.equals(other));
            }
            Map<String, String> members = Labels.memberSelector(cluster);
            assertThat(pooler.podLabels().entrySet().containsAll(members.entrySet()))
                    .isFalse();
            assertThat(Labels.member(cluster)
                            .entrySet()
                            .containsAll(pooler.selector().entrySet()))
                    .isFalse();
        }
    }
}

package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.values.Clusters;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class QuietClustersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final QuietClusters quiet = new QuietClusters();
    private final PostgresCluster cluster = version("1");

    private static PostgresCluster version(String version) {
        PostgresCluster cluster = Clusters.cluster();
        cluster.getMetadata().setResourceVersion(version);
        return cluster;
    }

    private void look() {
        quiet.begin(cluster, NOW);
        quiet.calm(cluster, NOW);
    }

    @Test
    void aClusterIsSettledAfterACalmLook() {
        assertThat(quiet.is(cluster, NOW)).as("never looked at").isFalse();
        quiet.begin(cluster, NOW);
        assertThat(quiet.is(cluster, NOW)).as("found something").isFalse();
        quiet.calm(cluster, NOW);
        assertThat(quiet.is(cluster, NOW.plusSeconds(30))).isTrue();
    }

    @Test
    void aChangeOfTheClusterEndsIt() {
        look();
        assertThat(quiet.is(version("2"), NOW.plusSeconds(30))).isFalse();
    }

    @Test
    void aChangeOfAnObjectEndsIt() {
        look();
        quiet.disturb(ResourceID.fromResource(cluster));
        assertThat(quiet.is(cluster, NOW.plusSeconds(30))).isFalse();
    }

    @Test
    void whatChangesDuringALookIsLookedAtAgain() {
        quiet.begin(cluster, NOW);
        quiet.disturb(ResourceID.fromResource(cluster));
        quiet.calm(cluster, NOW);
        assertThat(quiet.is(cluster, NOW.plusSeconds(30))).isFalse();
    }

    @Test
    void itDoesNotLastForEver() {
        look();
        assertThat(quiet.is(cluster, NOW.plus(QuietClusters.AT_MOST).minusMillis(1)))
                .isTrue();
        assertThat(quiet.is(cluster, NOW.plus(QuietClusters.AT_MOST))).isFalse();
    }
}

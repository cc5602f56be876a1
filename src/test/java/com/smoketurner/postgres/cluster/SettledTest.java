package com.smoketurner.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.values.Clusters;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettledTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Settled settled = new Settled();
    private final PostgresCluster cluster = version("1");

    private static PostgresCluster version(String version) {
        PostgresCluster cluster = Clusters.cluster();
        cluster.getMetadata().setResourceVersion(version);
        return cluster;
    }

    private void look() {
        settled.begin(cluster, NOW);
        settled.calm(cluster, NOW);
    }

    @Test
    void aClusterIsSettledAfterACalmLook() {
        assertThat(settled.is(cluster, NOW)).as("never looked at").isFalse();
        settled.begin(cluster, NOW);
        assertThat(settled.is(cluster, NOW)).as("found something").isFalse();
        settled.calm(cluster, NOW);
        assertThat(settled.is(cluster, NOW.plusSeconds(30))).isTrue();
    }

    @Test
    void aChangeOfTheClusterEndsIt() {
        look();
        assertThat(settled.is(version("2"), NOW.plusSeconds(30))).isFalse();
    }

    @Test
    void aChangeOfAnObjectEndsIt() {
        look();
        settled.disturb(ResourceID.fromResource(cluster));
        assertThat(settled.is(cluster, NOW.plusSeconds(30))).isFalse();
    }

    @Test
    void whatChangesDuringALookIsLookedAtAgain() {
        settled.begin(cluster, NOW);
        settled.disturb(ResourceID.fromResource(cluster));
        settled.calm(cluster, NOW);
        assertThat(settled.is(cluster, NOW.plusSeconds(30))).isFalse();
    }

    @Test
    void itDoesNotLastForEver() {
        look();
        assertThat(settled.is(cluster, NOW.plus(Settled.AT_MOST).minusMillis(1)))
                .isTrue();
        assertThat(settled.is(cluster, NOW.plus(Settled.AT_MOST))).isFalse();
    }
}

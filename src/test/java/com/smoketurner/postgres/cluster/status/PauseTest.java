package com.smoketurner.postgres.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.desired.PodInputs;
import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.reconcile.Conditions;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A paused cluster is reported as it is, and as nothing else. */
class PauseTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static ClusterReport report(PostgresCluster cluster, Instant now, Member... members) {
        var observed = Observed.members(members)
                .leader("c-0", now)
                .statefulSet(Optional.of(StatefulSets.of(
                        Clusters.cluster("replicas: 2"),
                        Runs.SETTINGS,
                        PodInputs.none().withMembers(2))))
                .build();
        return new ClusterReport(
                Runs.of(cluster, observed, now),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("16.9"),
                Optional.empty());
    }

    private static Member member(int ordinal, boolean ready) {
        return Members.member(ordinal, ordinal == 0, ready).build();
    }

    @Test
    void whatIsAskedForMeanwhileIsNeitherReachedNorMissed() {
        PostgresCluster running = Clusters.cluster("replicas: 2");
        running.getMetadata().setGeneration(1L);
        PostgresClusterStatus before = statusOf(report(running, NOW, member(0, true), member(1, true)), null);
        PostgresCluster paused = Clusters.cluster("replicas: 5");
        paused.getMetadata().setGeneration(2L);
        paused.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true"));
        var report = report(paused, NOW.plusSeconds(60), member(0, true), member(1, true));
        PostgresClusterStatus status = statusOf(report, before);
        assertThat(status.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(status.replicas()).isEqualTo(2);
        assertThat(status.observedGeneration()).isEqualTo(1L);
        var progressing = Conditions.find(status.conditions(), "Progressing").orElseThrow();
        assertThat(progressing.status()).isEqualTo("False");
        assertThat(progressing.reason()).isEqualTo("Paused");
        assertThat(progressing.message()).contains("2 of 5 members");
        assertThat(StatusUpdate.of(report, before).events()).isEmpty();
    }

    @Test
    void aMemberThatIsLostIsStillSaid() {
        PostgresCluster paused = Clusters.cluster("replicas: 2");
        paused.getMetadata().setGeneration(1L);
        paused.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true"));
        PostgresClusterStatus before = statusOf(report(paused, NOW, member(0, true), member(1, true)), null);
        PostgresClusterStatus away =
                statusOf(report(paused, NOW.plusSeconds(10), member(0, true), member(1, false)), before);
        PostgresClusterStatus later =
                statusOf(report(paused, NOW.plusSeconds(50), member(0, true), member(1, false)), away);
        assertThat(later.phase()).isEqualTo(ClusterPhase.DEGRADED);
    }

    private static PostgresClusterStatus statusOf(ClusterReport report, @Nullable PostgresClusterStatus shown) {
        return StatusUpdate.of(report, shown).status();
    }
}

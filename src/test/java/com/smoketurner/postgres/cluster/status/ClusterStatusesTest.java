package com.smoketurner.postgres.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.ClusterPhase;
import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.desired.Settings;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Timeouts;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.patroni.LeaderRecord;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Clusters;
import com.smoketurner.postgres.testing.Members;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClusterStatusesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final Settings SETTINGS =
            new Settings(new TreeMap<>(), "pooler", "exporter", 101, 103, "cluster.local", null, "system", true);

    private final PostgresCluster cluster = Clusters.cluster("replicas: 2");

    private static Member member(int ordinal, boolean primary, boolean ready) {
        return Members.member(ordinal, primary, ready).build();
    }

    @SuppressWarnings("NullAway") // nothing is written here, so there is no applier
    private ClusterReport report(Instant now, String leader, List<Outcome> outcomes, Member... members) {
        var observed = new ObservedCluster(
                List.of(members),
                Optional.of(new LeaderRecord(leader, 0L, 20, now, now, 0)),
                Optional.empty(),
                false,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                false);
        return new ClusterReport(
                new ClusterRun(cluster, observed, SETTINGS, Timeouts.DEFAULT, null, now),
                outcomes,
                Optional.empty(),
                Optional.of("16.9"));
    }

    private PostgresClusterStatus running() {
        cluster.getMetadata().setGeneration(1L);
        return ClusterStatuses.of(
                report(NOW, "c-0", List.of(Outcome.DONE), member(0, true, true), member(1, false, true)), null);
    }

    private static Condition condition(PostgresClusterStatus status, String type) {
        return Conditions.find(status.conditions(), type).orElseThrow();
    }

    @Test
    void aCompleteClusterRuns() {
        var status = running();
        assertThat(status.phase()).isEqualTo(ClusterPhase.RUNNING);
        assertThat(status.primaryPod()).isEqualTo("c-0");
        assertThat(status.replicaPods()).containsExactly("c-1");
        assertThat(status.currentVersion()).isEqualTo("16");
        assertThat(condition(status, "Ready").status()).isEqualTo("True");
    }

    @Test
    @Acceptance(37)
    void aPassingErrorLeavesNoTrace() {
        var failed = ClusterStatuses.failedAttempt(running(), 3, "the API server answered 503", NOW);
        assertThat(failed.retryCount()).isEqualTo(3);
        assertThat(failed.lastError()).contains("503");
        assertThat(failed.lastErrorTime()).isEqualTo("2026-03-01T12:00:00Z");
        var after = ClusterStatuses.of(
                report(NOW, "c-0", List.of(Outcome.DONE), member(0, true, true), member(1, false, true)), failed);
        assertThat(after).isEqualTo(running());
    }

    @Test
    @Acceptance(39)
    void equalResultsMoveNoTransitionTime() {
        var first = running();
        var later = ClusterStatuses.of(
                report(
                        NOW.plusSeconds(600),
                        "c-0",
                        List.of(Outcome.DONE),
                        member(0, true, true),
                        member(1, false, true)),
                first);
        assertThat(later).isEqualTo(first);
    }

    @Test
    void aRejectedSpecKeepsAServingClusterReady() {
        var status = ClusterStatuses.of(
                report(
                        NOW,
                        "c-0",
                        List.of(new Outcome.Rejected("ReservedParameter", "parameter port is managed")),
                        member(0, true, true),
                        member(1, false, true)),
                running());
        assertThat(status.phase()).isEqualTo(ClusterPhase.FAILED);
        assertThat(condition(status, "Ready").status()).isEqualTo("True");
        assertThat(condition(status, "ConfigurationValid").reason()).isEqualTo("ReservedParameter");
    }

    @Test
    void aNewPrimaryIsAnnouncedOnce() {
        var before = running();
        var report = report(NOW, "c-1", List.of(Outcome.DONE), member(0, false, true), member(1, true, true));
        var after = ClusterStatuses.of(report, before);
        assertThat(ClusterEvents.of(report, before, after))
                .extracting(Announcement::reason)
                .containsExactly(ClusterEvents.PRIMARY_CHANGED);
        assertThat(ClusterEvents.of(report, after, after)).isEmpty();
    }
}

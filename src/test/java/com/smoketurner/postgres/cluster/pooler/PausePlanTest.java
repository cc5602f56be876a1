package com.smoketurner.postgres.cluster.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PausePlanTest {
    private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
    private static final PoolerPod FIRST = pod("a", true, true, false);
    private static final PausePlan NOT_NEEDED = new PausePlan.NotNeeded();

    private static PoolerPod pod(String name, boolean primary, boolean ready, boolean terminating) {
        return new PoolerPod(name, "uid-" + name, primary, ready, terminating, null);
    }

    private static PausePlan plan(String pooler, long lag, PoolerPod... pods) {
        ClusterView view = Runs.of(
                Clusters.cluster(pooler),
                Observed.members(
                                Members.member(0, true, true).build(),
                                Members.member(1, false, true).build())
                        .leader("c-0", NOW)
                        .positions(new WalPositions(
                                new TreeMap<>(Map.of("c-0", 1L << 40, "c-1", (1L << 40) - lag)),
                                ReplicationHistory.UNKNOWN))
                        .poolers(pods)
                        .build(),
                NOW);
        return PausePlan.of(view, "c-1");
    }

    @Test
    void thePodsOfThePrimarysPoolerThatServeArePaused() {
        assertThat(plan(
                        "pgbouncer: {enabled: true, enableReplicaPooler: true}",
                        0,
                        FIRST,
                        pod("b", true, false, false),
                        pod("c", true, true, true),
                        pod("d", false, true, false),
                        pod("e", true, true, false)))
                .isEqualTo(new PausePlan.Pause(List.of("a", "e"), Duration.ofSeconds(30)));
    }

    @Test
    void nobodyIsHeldBackWithoutAPoolOfTransactions() {
        assertThat(plan("pgbouncer: {enabled: false}", 0, FIRST)).isEqualTo(NOT_NEEDED);
        assertThat(plan("pgbouncer: {enabled: true, poolMode: session}", 0, FIRST))
                .isEqualTo(NOT_NEEDED);
        assertThat(plan("pgbouncer: {enabled: true}", 0)).isEqualTo(NOT_NEEDED);
        assertThat(plan("pgbouncer: {enabled: true, poolMode: statement}", 0, FIRST))
                .isInstanceOf(PausePlan.Pause.class);
    }

    @Test
    void clientsWaitForHalfOfTheTimeAfterWhichPgBouncerEndsThem() {
        assertThat(withTimeout("20")).isEqualTo(new PausePlan.Pause(List.of("a"), Duration.ofSeconds(10)));
        assertThat(withTimeout("0")).isEqualTo(new PausePlan.Pause(List.of("a"), Duration.ofSeconds(30)));
        assertThat(withTimeout("900")).isEqualTo(new PausePlan.Pause(List.of("a"), Duration.ofSeconds(30)));
        assertThat(withTimeout("9")).isInstanceOf(PausePlan.Skip.class);
    }

    private static PausePlan withTimeout(String seconds) {
        return plan("pgbouncer: {enabled: true, parameters: {query_wait_timeout: '%s'}}".formatted(seconds), 0, FIRST);
    }

    @Test
    void nobodyWaitsForACandidateThatIsFarBehind() {
        assertThat(plan("pgbouncer: {enabled: true}", PausePlan.MOST_LAG, FIRST))
                .isInstanceOf(PausePlan.Pause.class);
        assertThat(plan("pgbouncer: {enabled: true}", PausePlan.MOST_LAG + 1, FIRST))
                .isEqualTo(new PausePlan.Skip("c-1 is 16777217 bytes behind"));
    }
}

package com.smoketurner.postgres.cluster.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.LagStatus;
import com.smoketurner.postgres.api.PostgresClusterStatus;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalHistory;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.patroni.LeaderRecord;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LagSectionTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    /** The primary at 3000 since ten minutes, the replica at some position. */
    private static ClusterView run(long replayed, Instant now) {
        var trail = WalHistory.UNKNOWN.with(1000, NOW.minusSeconds(600)).with(3000, NOW.minusSeconds(9));
        var observed = Observed.members(
                        Members.member(0, true, true).build(),
                        Members.member(1, false, true).build())
                .positions(new WalPositions(
                        new TreeMap<>(Map.of("c-0", 3000L, "c-1", replayed)), new ReplicationHistory(trail, Map.of())))
                .leader(Optional.of(new LeaderRecord("c-0", 3000L, 20, now, now, 0, List.of())))
                .build();
        return Runs.of(Clusters.cluster("replicas: 2"), observed, now);
    }

    private static List<LagStatus> entries(long replayed, Instant now, List<LagStatus> shown) {
        return LagSection.entries(
                run(replayed, now),
                PostgresClusterStatus.builder().replicationLag(shown).build());
    }

    @Test
    void whatIsShownReadsLikeTheContract() {
        assertThat(entries(2000, NOW, List.of()))
                .containsExactly(new LagStatus("c-1", 1000L, "9s", false, "2026-03-01T12:00:00Z", "streaming"));
        assertThat(entries(2000, NOW.plusMillis(1570), List.of()).getFirst().lagTime())
                .isEqualTo("10.5s");
        assertThat(entries(3000, NOW, List.of()).getFirst().lagTime()).isEqualTo("0s");
    }

    @Test
    void anUnchangedEntryStaysAsItIs() {
        var shown = entries(3000, NOW, List.of());
        assertThat(entries(3000, NOW.plusSeconds(3600), shown)).isEqualTo(shown);
    }

    @Test
    void figuresAloneCountOnceInAResync() {
        var shown = entries(3000, NOW, List.of());
        assertThat(entries(2900, NOW.plusSeconds(10), shown)).isEqualTo(shown);
        assertThat(entries(2900, NOW.plusSeconds(30), shown)).isNotEqualTo(shown);
        assertThat(entries(2900, NOW.plusSeconds(25), shown))
                .as("beyond the threshold")
                .isNotEqualTo(shown);
    }
}

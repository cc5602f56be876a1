package com.smoketurner.postgres.cluster.lag;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalHistory;
import com.smoketurner.postgres.cluster.run.WalPositions;
import com.smoketurner.postgres.patroni.LeaderRecord;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Members;
import com.smoketurner.postgres.testing.values.Observed;
import com.smoketurner.postgres.testing.values.Runs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ReplicaLagsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final List<Member> members = List.of(
            Members.member(0, true, true).build(),
            Members.member(1, false, true).build(),
            Members.member(2, false, true).build());

    private ClusterView run(
            PostgresCluster cluster,
            Map<String, Long> positions,
            ReplicationHistory past,
            Optional<LeaderRecord> leader) {
        var observed = Observed.members(members)
                .positions(new WalPositions(new TreeMap<>(positions), past))
                .leader(leader)
                .build();
        return Runs.of(cluster, observed, NOW);
    }

    private List<ReplicaLag> lags(String spec, WalHistory trail, long first, long second) {
        var positions = Map.of("c-0", trail.samples().getLast().position(), "c-1", first, "c-2", second);
        return ReplicaLags.of(run(
                Clusters.cluster(spec), positions, new ReplicationHistory(trail, Map.of()), Optional.of(leader(0))));
    }

    private static LeaderRecord leader(long position) {
        return new LeaderRecord("c-0", position, 20, NOW, NOW, 0, List.of());
    }

    private static Instant ago(long seconds) {
        return NOW.minusSeconds(seconds);
    }

    @Test
    @Acceptance(148)
    void oneEntryForEachReplica() {
        var lags = lags("replicas: 3", WalHistory.UNKNOWN.with(1000, ago(60)), 1000, 1000);
        assertThat(lags).extracting(lag -> lag.member().name()).containsExactly("c-1", "c-2");
        assertThat(lags).allSatisfy(lag -> {
            assertThat(lag.bytes()).isZero();
            assertThat(lag.time()).isZero();
            assertThat(lag.state()).isEqualTo("streaming");
            assertThat(lag.exceeds()).isFalse();
            assertThat(lag.recovered()).isTrue();
        });
    }

    @Test
    @Acceptance(152)
    void aPrimaryThatIdledForAnHourHasNoReplicaBehind() {
        var idle = WalHistory.UNKNOWN.with(1000, ago(3600));
        assertThat(lags("replicas: 3", idle, 1000, 1000))
                .allSatisfy(lag -> assertThat(lag.time()).isZero());
        var wrote = idle.with(2000, ago(1));
        assertThat(lags("replicas: 3", wrote, 1000, 2000))
                .as("the record of the replica may be older than the write")
                .allSatisfy(lag -> assertThat(lag.time()).isZero());
    }

    @Test
    void theTimeIsHowLongAgoThePrimaryWasThere() {
        var trail = WalHistory.UNKNOWN.with(1000, ago(100)).with(2000, ago(45)).with(3000, ago(20));
        var lag = lags("replicas: 3", trail, 1500, 3000).getFirst();
        assertThat(lag.bytes()).isEqualTo(1500);
        assertThat(lag.time()).isEqualTo(Duration.ofSeconds(45));
        assertThat(lag.exceeds()).isTrue();
        assertThat(lags("replicas: 3", trail, 1500, 3000).getLast().exceeds()).isFalse();
        assertThat(lags("scaling: {replicationLagThreshold: 1m}", trail, 1500, 3000)
                        .getFirst()
                        .exceeds())
                .isFalse();
    }

    @Test
    void aThresholdInBytesReplacesTheOneInTime() {
        var trail = WalHistory.UNKNOWN.with(1000, ago(100)).with(2000, ago(45));
        String spec = "scaling: {lagThresholdBytes: 1000, replicationLagThreshold: 1s}";
        assertThat(lags(spec, trail, 1000, 999)).extracting(ReplicaLag::exceeds).containsExactly(false, true);
        assertThat(lags(spec, trail, 1199, 1201))
                .extracting(ReplicaLag::recovered)
                .containsExactly(false, true);
    }

    @Test
    @Acceptance(151)
    void aMemberThatSaysNothingHidesOnlyItself() {
        var trail = WalHistory.UNKNOWN.with(1000, ago(100)).with(2000, ago(45));
        var lags = ReplicaLags.of(run(
                Clusters.cluster("replicas: 3"),
                Map.of("c-0", 2000L, "c-2", 1500L),
                new ReplicationHistory(trail, Map.of()),
                Optional.of(leader(2000))));
        assertThat(lags.getFirst().bytes()).isNull();
        assertThat(lags.getFirst().exceeds()).isFalse();
        assertThat(lags.getFirst().recovered()).isFalse();
        assertThat(lags.getLast().bytes()).isEqualTo(500);
    }

    @Test
    void aReplicaThatDoesNotStreamIsBehindAfterTheThreshold() {
        var past = new ReplicationHistory(
                WalHistory.UNKNOWN.with(1000, ago(100)), Map.of("uid-1", ago(31), "uid-2", ago(29)));
        var lags = ReplicaLags.of(run(
                Clusters.cluster("replicas: 3"),
                Map.of("c-0", 1000L, "c-1", 1000L, "c-2", 1000L),
                past,
                Optional.of(leader(1000))));
        assertThat(lags).extracting(ReplicaLag::exceeds).containsExactly(true, false);
    }

    @Test
    void nobodyIsMeasuredWhileNobodyLeads() {
        assertThat(ReplicaLags.of(
                        run(Clusters.cluster("replicas: 3"), Map.of(), ReplicationHistory.UNKNOWN, Optional.empty())))
                .isEmpty();
    }

    @Property
    void neverBothBeyondAndBack(
            @ForAll @LongRange(min = 0, max = 5000) long replayed,
            @ForAll @LongRange(min = 0, max = 5000) long bytes,
            @ForAll @IntRange(min = 1, max = 300) int seconds,
            @ForAll boolean inBytes) {
        var trail = WalHistory.UNKNOWN;
        for (int i = 0; i < 50; i++) {
            trail = trail.with(100L * i, ago(500 - 10L * i));
        }
        String spec = inBytes
                ? "scaling: {lagThresholdBytes: %d}".formatted(bytes)
                : "scaling: {replicationLagThreshold: %ds}".formatted(seconds);
        for (ReplicaLag lag : lags(spec, trail, replayed, 4900)) {
            assertThat(lag.exceeds() && lag.recovered()).isFalse();
            assertThat(lag.bytes()).isNotNegative();
            assertThat(lag.time()).isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }

    @Test
    void oneMeasurementTakesOutTwoBringBack() {
        var apart = Duration.ofSeconds(7);
        var member = members.getLast();
        var far = new ReplicaLag(member, "streaming", 9L, Duration.ofSeconds(31), true, false);
        var edge = new ReplicaLag(member, "streaming", 9L, Duration.ofSeconds(29), false, false);
        var near = new ReplicaLag(member, "streaming", 1L, Duration.ofSeconds(8), false, true);
        assertThat(Readers.label("true", far, null, NOW, apart)).isEqualTo("false");
        assertThat(Readers.label("true", edge, null, NOW, apart)).isEqualTo("true");
        assertThat(Readers.label("false", edge, null, NOW, apart)).isEqualTo("false");
        assertThat(Readers.label("false", near, NOW, NOW, apart)).isEqualTo("false");
        assertThat(Readers.label("false", near, ago(6), NOW, apart)).isEqualTo("false");
        assertThat(Readers.label("false", near, ago(7), NOW, apart)).isEqualTo("true");
        assertThat(Readers.label(null, edge, null, NOW, apart)).isEqualTo("true");
    }

    @Test
    void theHistoryIsOfReplicasAlone() {
        var history = new LagHistory(java.time.Clock.systemUTC());
        var names = com.smoketurner.postgres.naming.Names.of(Clusters.cluster("replicas: 3"));
        var silent = new java.util.ArrayList<>(members.subList(0, 2));
        var past = history.observed(names, silent, Optional.of(leader(5)), NOW);
        assertThat(past.notStreaming()).as("a primary streams from nobody").isEmpty();
        assertThat(past.primary().samples()).hasSize(1);
        var demoted = history.observed(
                names,
                silent,
                Optional.of(new LeaderRecord("c-1", 5L, 20, NOW, NOW, 1, List.of())),
                NOW.plusSeconds(9));
        assertThat(new HashMap<>(demoted.notStreaming())).containsExactly(Map.entry("uid-0", NOW.plusSeconds(9)));
        assertThat(history.recoveredSince(names, members.get(1), NOW)).isEqualTo(NOW);
        assertThat(history.recoveredSince(names, members.get(1), NOW.plusSeconds(3)))
                .isEqualTo(NOW);
        history.startOver(names, members.get(1));
        assertThat(history.recoveredSince(names, members.get(1), NOW.plusSeconds(5)))
                .isEqualTo(NOW.plusSeconds(5));
    }
}

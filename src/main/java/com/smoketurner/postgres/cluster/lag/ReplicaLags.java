package com.smoketurner.postgres.cluster.lag;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ObservedCluster;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalHistory;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.LeaderRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How far replicas are behind, by what the members say of themselves in the API. Each says so once in a loop of Patroni, so
 * a replica is compared with where the primary was one loop ago: one that keeps up is not behind for the age of its record.
 */
public final class ReplicaLags {

    static final String STREAMING = "streaming";

    /** How much longer than its waiting a loop of Patroni takes at most while all is well. */
    private static final Duration LOOP = Duration.ofSeconds(2);

    private ReplicaLags() {}

    /** Of every replica, by ordinal; nothing while nobody leads. */
    public static List<ReplicaLag> of(ClusterView view) {
        ObservedCluster observed = view.observed();
        String leader = observed.leader().map(LeaderRecord::leader).orElse(null);
        if (leader == null) {
            return List.of();
        }
        LagThreshold threshold = LagThreshold.of(view.spec().scalingOrDefault());
        Long reference = reference(observed, leader, view.now().minus(recordAge(view)));
        return observed.members().stream()
                .filter(member -> !member.name().equals(leader) && !member.terminating())
                .map(member -> lag(observed, member, threshold, reference, view.now()))
                .toList();
    }

    /** Whether a replica is behind or is not read from: then it is looked at again soon. */
    public static boolean behind(ClusterView view) {
        return of(view).stream()
                .anyMatch(lag ->
                        lag.behind() || !"true".equals(lag.member().labels().get(Labels.READER)));
    }

    /** How old what a member says of itself may be. */
    static Duration recordAge(ClusterView view) {
        Long loop = view.observed().dynamicConfig().map(DynamicConfig::loopWait).orElse(null);
        return Duration.ofSeconds(
                        loop != null ? loop : view.spec().failoverOrDefault().loopWaitOrDefault())
                .plus(LOOP);
    }

    private static @Nullable Long reference(ObservedCluster observed, String leader, Instant moment) {
        OptionalLong then = observed.positions().past().primary().at(moment);
        return then.isPresent()
                ? Long.valueOf(then.getAsLong())
                : observed.positions().byMember().get(leader);
    }

    private static ReplicaLag lag(
            ObservedCluster observed, Member member, LagThreshold threshold, @Nullable Long reference, Instant now) {
        ReplicationHistory past = observed.positions().past();
        Long replayed = observed.positions().byMember().get(member.name());
        Long bytes = reference == null || replayed == null ? null : Long.valueOf(Math.max(0, reference - replayed));
        Duration time = bytes == null || replayed == null
                ? null
                : bytes == 0 ? Duration.ZERO : since(past.primary(), replayed, now);
        String state = state(member);
        Instant stopped = past.notStreaming().getOrDefault(member.uid(), now);
        return new ReplicaLag(
                member,
                state,
                bytes,
                time,
                threshold.exceeded(bytes, time, Duration.between(stopped, now)),
                STREAMING.equals(state) && threshold.recovered(bytes, time));
    }

    /** The primary was there until then; a history that does not go back so far gives the least it can have been. */
    private static Duration since(WalHistory primary, long replayed, Instant now) {
        return primary.passed(replayed).map(then -> Duration.between(then, now)).orElse(Duration.ZERO);
    }

    /** A pod that is not Ready may have said long ago that it runs. */
    static String state(Member member) {
        var record = member.patroni();
        if (record == null || (record.isRunning() && !member.ready())) {
            return "unreachable";
        }
        if (!record.isRunning()) {
            return "stopped";
        }
        return Objects.requireNonNullElse(record.replicationState(), "catchup");
    }
}

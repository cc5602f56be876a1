package com.smoketurner.postgres.cluster.lag;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.cluster.run.ReplicationHistory;
import com.smoketurner.postgres.cluster.run.WalHistory;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.LeaderRecord;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers what no record says: where the primary was before, and since when a replica is as it is. Kept in memory alone;
 * after a restart of the operator a lag counts from then.
 */
@Singleton
public final class LagHistory implements Remembers {

    private record Key(String namespace, String cluster) {}

    private record Memory(ReplicationHistory past, Map<String, Instant> recovered) {
        static final Memory NONE = new Memory(ReplicationHistory.UNKNOWN, Map.of());
    }

    private final Clock clock;
    private final Map<Key, Memory> clusters = new ConcurrentHashMap<>();

    public LagHistory(Clock clock) {
        this.clock = clock;
    }

    /** Takes notice of the leader's position between two reconciliations. */
    public void note(String namespace, String cluster, LeaderRecord leader) {
        clusters.computeIfPresent(
                new Key(namespace, cluster),
                (key, memory) -> new Memory(
                        new ReplicationHistory(
                                advanced(memory.past().primary(), leader, clock.instant()),
                                memory.past().notStreaming()),
                        memory.recovered()));
    }

    /** What is remembered, with what is seen now. */
    public ReplicationHistory observed(Names names, List<Member> members, Optional<LeaderRecord> leader, Instant now) {
        return clusters.compute(key(names), (key, known) -> {
                    Memory memory = known == null ? Memory.NONE : known;
                    WalHistory trail = leader.map(
                                    record -> advanced(memory.past().primary(), record, now))
                            .orElse(memory.past().primary());
                    ReplicationHistory past = new ReplicationHistory(
                            trail,
                            notStreaming(
                                    replicas(members, leader), memory.past().notStreaming(), now));
                    return new Memory(past, among(members, memory.recovered()));
                })
                .past();
    }

    /** Since when, without a break, a replica has been found recovered; now if it is the first time. */
    Instant recoveredSince(Names names, Member member, Instant now) {
        return clusters.compute(key(names), (key, known) -> {
                    Memory memory = known == null ? Memory.NONE : known;
                    Map<String, Instant> recovered = new HashMap<>(memory.recovered());
                    recovered.putIfAbsent(member.uid(), now);
                    return new Memory(memory.past(), Map.copyOf(recovered));
                })
                .recovered()
                .getOrDefault(member.uid(), now);
    }

    /** A replica has not recovered, or has been found recovered long enough. */
    void startOver(Names names, Member member) {
        clusters.computeIfPresent(key(names), (key, memory) -> {
            Map<String, Instant> recovered = new HashMap<>(memory.recovered());
            recovered.remove(member.uid());
            return new Memory(memory.past(), Map.copyOf(recovered));
        });
    }

    @Override
    public void forget(PostgresCluster cluster) {
        clusters.remove(key(Names.of(cluster)));
    }

    private static Key key(Names names) {
        return new Key(names.namespace(), names.cluster());
    }

    private static WalHistory advanced(WalHistory trail, LeaderRecord leader, Instant now) {
        Long position = leader.optime();
        return position == null ? trail : trail.with(position, now);
    }

    private static List<Member> replicas(List<Member> members, Optional<LeaderRecord> leader) {
        return members.stream()
                .filter(member -> leader.filter(record -> record.leader().equals(member.name()))
                        .isEmpty())
                .toList();
    }

    private static Map<String, Instant> notStreaming(List<Member> replicas, Map<String, Instant> before, Instant now) {
        Map<String, Instant> since = new HashMap<>();
        replicas.stream()
                .filter(member -> !ReplicaLags.STREAMING.equals(ReplicaLags.state(member)))
                .forEach(member -> since.put(member.uid(), before.getOrDefault(member.uid(), now)));
        return since;
    }

    private static Map<String, Instant> among(List<Member> members, Map<String, Instant> since) {
        Map<String, Instant> kept = new HashMap<>(since);
        kept.keySet().retainAll(members.stream().map(Member::uid).toList());
        return Map.copyOf(kept);
    }
}

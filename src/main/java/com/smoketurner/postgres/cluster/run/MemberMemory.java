package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is remembered of each member of each cluster. It goes with the member: only those that are there have an entry. */
public final class MemberMemory<V> implements Remembers {

    private final Map<String, Map<String, V>> clusters = new ConcurrentHashMap<>();
    private final Function<Member, String> identity;

    /**
     * @param identity what makes a member another one than before
     */
    public MemberMemory(Function<Member, String> identity) {
        this.identity = identity;
    }

    /** Replaces what is remembered of a member, null if nothing is; returns what is from now on. */
    public @Nullable V update(ClusterView view, Member member, UnaryOperator<@Nullable V> next) {
        Map<String, V> members =
                clusters.computeIfAbsent(view.cluster().getMetadata().getUid(), uid -> new ConcurrentHashMap<>());
        members.keySet()
                .retainAll(view.observed().members().stream().map(identity).collect(Collectors.toSet()));
        return members.compute(identity.apply(member), (key, known) -> next.apply(known));
    }

    @Override
    public void forget(PostgresCluster cluster) {
        clusters.remove(cluster.getMetadata().getUid());
    }

    /** How many entries there are. */
    int size() {
        return clusters.values().stream().mapToInt(Map::size).sum();
    }
}

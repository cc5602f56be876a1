package com.smoketurner.postgres.cluster.verify;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Remembers;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets one cluster at a time test a restore: each takes the bandwidth of the object store and a volume. A test that runs goes
 * on whatever the others do, so an operator that restarts need not know who had begun.
 */
@Singleton
final class VerificationQueue implements Remembers {

    private final Map<String, Instant> running = new HashMap<>();
    private final Set<ResourceID> waiting = new LinkedHashSet<>();

    /** Notes that a test of the cluster runs. */
    synchronized void hold(ClusterView view, Instant until) {
        running.put(uid(view), until);
    }

    /** Takes the turn; false where another cluster has it, and the cluster is told when that one is done. */
    synchronized boolean take(ClusterView view, Instant until) {
        running.values().removeIf(end -> end.isBefore(view.now()));
        if (running.isEmpty() || running.containsKey(uid(view))) {
            waiting.remove(ResourceID.fromResource(view.cluster()));
            running.put(uid(view), until);
            return true;
        }
        waiting.add(ResourceID.fromResource(view.cluster()));
        return false;
    }

    /** Gives the turn back. Answers who is next, which is to be woken; nothing where nobody waits or it had no turn. */
    synchronized Optional<ResourceID> release(ClusterView view) {
        return running.remove(uid(view)) == null ? Optional.empty() : first();
    }

    private Optional<ResourceID> first() {
        Optional<ResourceID> first = waiting.stream().findFirst();
        first.ifPresent(waiting::remove);
        return first;
    }

    @Override
    public synchronized void forget(PostgresCluster cluster) {
        running.remove(cluster.getMetadata().getUid());
        waiting.remove(ResourceID.fromResource(cluster));
    }

    private static String uid(ClusterView view) {
        return view.cluster().getMetadata().getUid();
    }
}

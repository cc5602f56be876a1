package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.patroni.LeaderRecord;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Has poolers connect anew after another member has come to lead: connections to a former primary that is cut off, or that serves as a
 * replica now, would stay. What is remembered is for which leadership that was done.
 */
@Singleton
final class Reconnects implements Remembers {

    /** How long a pod waits for a primary that answers. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** Connections made before that are not looked at by an operator that has just been started. */
    private static final Duration RECENT = Duration.ofMinutes(5);

    private final Map<String, Instant> done = new ConcurrentHashMap<>();
    private final PoolerProgram program;
    private final PoolerHold hold;

    Reconnects(PoolerProgram program, PoolerHold hold) {
        this.program = program;
        this.hold = hold;
    }

    /** Beside the reconciliation, once for each leadership; not where clients were held back, whose pods do it by themselves. */
    void follow(ClusterRun run) {
        if (run.observed().primary(run.now()).isEmpty()) {
            return; // The Service has no endpoint yet.
        }
        Optional<Instant> acquired = run.observed().leader().map(LeaderRecord::acquireTime);
        if (acquired.isEmpty()) {
            return;
        }
        Instant before = done.put(run.cluster().getMetadata().getUid(), acquired.get());
        if (due(acquired.get(), before, run.now()) && !hold.holds(run.view())) {
            reconnect(run, pods(run.view(), true), "reconnect", "primary");
            reconnect(run, pods(run.view(), false), "reconnect");
        }
    }

    /**
     * Whether there may be connections to a former primary.
     *
     * @param acquired when the leader came to lead
     * @param before the leadership for which it was done last; absent after a start of the operator
     */
    static boolean due(Instant acquired, @Nullable Instant before, Instant now) {
        return before == null ? acquired.isAfter(now.minus(RECENT)) : !acquired.equals(before);
    }

    private static List<String> pods(ClusterView view, boolean primary) {
        return view.observed().poolers().stream()
                .filter(pod -> pod.primary() == primary && pod.serves())
                .map(PoolerPod::name)
                .toList();
    }

    private void reconnect(ClusterRun run, List<String> pods, String... command) {
        if (!pods.isEmpty()) {
            String namespace = run.namespace();
            Thread.ofVirtual().name("reconnect").start(() -> program.run(namespace, pods, PATIENCE, command));
        }
    }

    @Override
    public void forget(PostgresCluster cluster) {
        done.remove(cluster.getMetadata().getUid());
    }
}

package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.BrokenSince;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Annotations;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notes on the pods of broken members since when they are, and takes the note off when they are well. Every failover and
 * restart looks broken for a moment, so a fault is noted only when it has lasted; that much is forgotten by a restart of the
 * operator, which is then later by that moment.
 */
@Singleton
public final class BrokenReplicas implements Remembers {

    private static final Duration MOMENT = Duration.ofSeconds(15);

    private final MemberPods pods;
    private final FaultCauses causes;
    /** Since when members have a fault, by their names, by the cluster's uid. */
    private final Map<String, Map<String, Instant>> seen = new ConcurrentHashMap<>();

    BrokenReplicas(MemberPods pods, FaultCauses causes) {
        this.pods = pods;
        this.causes = causes;
    }

    void note(ClusterRun run, List<ReplicaHealth> replicas) {
        String cluster = run.cluster().getMetadata().getUid();
        Map<String, Instant> before = seen.getOrDefault(cluster, Map.of());
        Map<String, Instant> faulty = new HashMap<>();
        for (ReplicaHealth replica : replicas) {
            if (replica.fault() == ReplicaFault.NONE) {
                if (replica.since() != null) {
                    mark(run, replica.name(), null);
                }
            } else if (replica.fault() == ReplicaFault.SILENT
                    && replica.since() != null
                    && !replica.outOfConnections()) {
                // It may have been noted for another fault, and this one decides whether its data is lost.
                BrokenSince since = replica.since();
                causes.of(run, replica)
                        .filter(cause -> !cause.equals(since.cause()))
                        .ifPresent(cause ->
                                mark(run, replica.name(), new BrokenSince(since.at(), since.position(), cause).text()));
            } else if (replica.fault().broken() && replica.since() == null) {
                Instant first = before.getOrDefault(replica.name(), run.now());
                faulty.put(replica.name(), first);
                if (!run.now().isBefore(first.plus(MOMENT))) {
                    String cause = causes.of(run, replica).orElse(null);
                    mark(run, replica.name(), new BrokenSince(run.now(), replica.position(), cause).text());
                }
            } else if (before.containsKey(replica.name())) {
                faulty.put(replica.name(), before.get(replica.name()));
            }
        }
        if (faulty.isEmpty()) {
            seen.remove(cluster);
        } else {
            seen.put(cluster, faulty);
        }
    }

    @Override
    public void forget(PostgresCluster cluster) {
        seen.remove(cluster.getMetadata().getUid());
    }

    private void mark(ClusterRun run, String member, @Nullable String value) {
        Map<String, @Nullable String> note = new HashMap<>();
        note.put(Annotations.BROKEN_SINCE, value);
        pods.mark(run.applier(), run.namespace(), member, Map.of(), note);
    }
}

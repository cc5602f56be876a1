package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.plan.Copy;
import com.smoketurner.postgres.cluster.plan.Fault;
import com.smoketurner.postgres.cluster.run.BrokenSince;
import com.smoketurner.postgres.cluster.run.ClusterRun;
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
final class BrokenMembers {

    private static final Duration MOMENT = Duration.ofSeconds(15);

    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final MemberPods pods;
    private final Map<String, Instant> seen = new ConcurrentHashMap<>();

    BrokenMembers(MemberPods pods) {
        this.pods = pods;
    }

    void note(ClusterRun run, List<Copy> copies) {
        for (Copy copy : copies) {
            String key = run.cluster().getMetadata().getUid() + copy.name();
            if (copy.fault() == Fault.NONE) {
                seen.remove(key);
                if (copy.since() != null) {
                    mark(run, copy.name(), null);
                }
            } else if (copy.fault().broken() && copy.since() == null) {
                Instant first = seen.computeIfAbsent(key, k -> run.now());
                if (!run.now().isBefore(first.plus(MOMENT))) {
                    mark(run, copy.name(), new BrokenSince(run.now(), copy.position()).text());
                }
            }
        }
        seen.values().removeIf(first -> first.plus(FORGOTTEN).isBefore(run.now())); // Noted, or gone with its cluster.
    }

    private void mark(ClusterRun run, String member, @Nullable String value) {
        Map<String, @Nullable String> note = new HashMap<>();
        note.put(Annotations.BROKEN_SINCE, value);
        pods.mark(run.applier(), run.namespace(), member, Map.of(), note);
    }
}

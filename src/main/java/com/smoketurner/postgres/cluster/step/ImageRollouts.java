package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.plan.PodTemplateDiff;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Remembers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lets only so many clusters at a time change to another image of the operator's configuration: an image that does not run
 * stops with the first cluster. A cluster that has begun goes on whatever the others do, so an operator that restarts
 * need not know who had begun. The image of a spec is its user's own choice and waits for nobody.
 */
public final class ImageRollouts implements Remembers {

    /** A cluster that is not looked at for so long is gone or has other troubles; it keeps nobody waiting. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    private final int most;
    private final Map<String, Rollout> active = new HashMap<>();

    private record Rollout(String cluster, Instant seen) {}

    /**
     * @param most clusters at a time
     */
    public ImageRollouts(int most) {
        this.most = most;
    }

    @Override
    public synchronized void forget(PostgresCluster cluster) {
        active.remove(cluster.getMetadata().getUid());
    }

    /** Whom a cluster has to wait for; nothing when it may go on. */
    synchronized Optional<String> before(ClusterView view, PodTemplateDiff diff) {
        String uid = view.cluster().getMetadata().getUid();
        active.values().removeIf(rollout -> rollout.seen().plus(FORGOTTEN).isBefore(view.now()));
        List<Member> outdated = view.observed().members().stream()
                // Admission may have replaced the image of a pod that was created from the present template.
                .filter(member -> diff.outdated(member) && !Objects.equals(member.image(), diff.image()))
                .toList();
        if (outdated.isEmpty() || view.spec().image() != null) {
            active.remove(uid);
            return Optional.empty();
        }
        boolean begun = outdated.size() < view.observed().members().size();
        if (begun || active.containsKey(uid) || active.size() < most) {
            active.put(uid, new Rollout(view.namespace() + "/" + view.names().cluster(), view.now()));
            return Optional.empty();
        }
        return Optional.of(
                active.values().stream().map(Rollout::cluster).sorted().collect(Collectors.joining(", ")));
    }
}

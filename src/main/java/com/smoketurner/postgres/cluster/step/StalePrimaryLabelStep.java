package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.patroni.LeaderRecord;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * Keeps clients away from a former primary. Patroni labels its own pod, so a member whose node is dead or frozen keeps the
 * label {@code master} beside the new primary until its node counts as lost; the Service would send every second client
 * there. Whoever does not hold the leader key loses the label here.
 */
@Singleton
public final class StalePrimaryLabelStep implements Step {

    private final MemberPods pods;

    StalePrimaryLabelStep(MemberPods pods) {
        this.pods = pods;
    }

    @Override
    public Part part() {
        return Part.ROUTING;
    }

    @Override
    public Outcome run(ClusterRun run) {
        for (Member member : stale(run)) {
            Log.infof("pod %s no longer holds the leader key, its role label becomes replica", member.name());
            pods.label(run.applier(), run.namespace(), member.name(), Map.of(Labels.ROLE, Labels.ROLE_REPLICA));
        }
        return Outcome.DONE;
    }

    /** Members labelled primary beside a leader that is labelled so too, or is about to be. */
    private static List<Member> stale(ClusterRun run) {
        String leader = run.observed().leader().map(LeaderRecord::leader).orElse(null);
        boolean known = run.observed().members().stream()
                .anyMatch(member -> member.name().equals(leader));
        return known
                ? run.observed().members().stream()
                        .filter(member -> member.primary() && !member.name().equals(leader))
                        .toList()
                : List.of();
    }
}

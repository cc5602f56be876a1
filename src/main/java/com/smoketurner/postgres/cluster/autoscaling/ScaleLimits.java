package com.smoketurner.postgres.cluster.autoscaling;

import com.smoketurner.postgres.cluster.lag.Readers;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.patroni.LeaderRecord;
import java.util.List;

/**
 * What of the observed state decides what the autoscaler may do.
 *
 * @param measured ordinals of the members whose connections are counted, in their order
 * @param leader ordinal of the primary; -1 while there is none
 * @param lagging names of the replicas that are too far behind to be read from
 */
record ScaleLimits(List<Integer> measured, int leader, List<String> lagging) {

    ScaleLimits {
        measured = List.copyOf(measured);
        lagging = List.copyOf(lagging);
    }

    static ScaleLimits of(ClusterView view) {
        return new ScaleLimits(
                measured(view),
                view.observed()
                        .leader()
                        .map(LeaderRecord::leader)
                        .filter(name -> view.observed().members().stream()
                                .anyMatch(member -> member.name().equals(name)))
                        .map(Member::ordinal)
                        .orElse(-1),
                lagging(view));
    }

    /**
     * Members that are Ready: one that cannot be reached has no clients, and KEDA measures nothing while it cannot reach all that
     * it is to ask. Before there are any it waits for the first.
     */
    private static List<Integer> measured(ClusterView view) {
        List<Integer> ready = view.observed().members().stream()
                .filter(member -> member.ready() && !member.terminating())
                .map(Member::ordinal)
                .sorted()
                .toList();
        return ready.isEmpty() ? List.of(0) : ready;
    }

    /** Also those that have caught up, but not for long enough to be read from again. */
    private static List<String> lagging(ClusterView view) {
        return ReplicaLags.of(view).stream()
                .filter(lag -> lag.exceeds()
                        || Readers.OUT.equals(lag.member().labels().get(Labels.READER)))
                .map(lag -> lag.member().name())
                .toList();
    }

    /** Another member would have the primary send its data once more while it does not keep up with those it has. */
    boolean scaleOutPaused() {
        return !lagging.isEmpty();
    }

    /**
     * The autoscaler takes the highest ordinals without asking whether one of them is the primary.
     *
     * @param minimum how many members it leaves
     */
    boolean scaleInPaused(int minimum) {
        return leader >= minimum;
    }
}

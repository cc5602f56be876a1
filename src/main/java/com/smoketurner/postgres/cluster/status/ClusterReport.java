package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.cluster.lag.ReplicaLag;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation came to: the facts it started from and what the steps answered. Everything a status says is
 * derived from this.
 *
 * @param run what was observed and asked for
 * @param outcomes what the steps answered, in their order; shorter than the list of steps when one of them gated
 * @param blocked why members cannot be built; absent when nothing is known to stand in the way
 * @param serverVersion the release the primary reports, such as 16.4; absent while unknown
 */
public record ClusterReport(
        ClusterRun run, List<Outcome> outcomes, Optional<Outcome.Rejected> blocked, Optional<String> serverVersion) {

    Optional<Outcome.Rejected> rejected() {
        return first(Outcome.Rejected.class);
    }

    /** Whether everything is as asked for, nothing is waited for, and no question is open. */
    public boolean calm() {
        return blocked.isEmpty()
                && serverVersion.isPresent()
                && !run.paused()
                && outcomes.stream().allMatch(Outcome.DONE::equals);
    }

    /** What stands in the way of the spec as a whole. */
    Optional<Outcome.Rejected> failure() {
        return rejected().or(this::blocked);
    }

    Optional<Outcome.Declined> declined() {
        return first(Outcome.Declined.class);
    }

    Optional<Outcome.Waiting> waiting() {
        return first(Outcome.Waiting.class);
    }

    Optional<Outcome.Working> working() {
        return first(Outcome.Working.class);
    }

    Optional<Outcome.Queued> queued() {
        return first(Outcome.Queued.class);
    }

    /** Whether a change has stopped: a member stays away for longer than any restart takes. */
    boolean stopped(List<Condition> conditions) {
        return working().isPresent()
                && Conditions.lasted(conditions, ServiceConditions.REPLICAS_READY, false, run.now())
                                .compareTo(run.timeouts().stuckChange())
                        > 0;
    }

    /** Whether every replica receives the primary's changes as they happen. */
    boolean streaming() {
        return members().stream().allMatch(member -> member.primary() || member.streaming());
    }

    /**
     * Names of the replicas that a change has made and that are not where the others are yet: they do not stream, or are
     * further behind than a reader may be.
     *
     * @param since when the change began; null where none is under way
     */
    List<String> latecomers(@Nullable Instant since) {
        if (since == null) {
            return List.of();
        }
        return ReplicaLags.of(run).stream()
                .filter(lag -> lag.exceeds() || !lag.member().streaming())
                .map(ReplicaLag::member)
                .filter(member -> member.created() != null
                        && !Instant.parse(member.created()).isBefore(since))
                .map(Member::name)
                .toList();
    }

    Optional<Outcome.Impossible> impossible() {
        return first(Outcome.Impossible.class);
    }

    private <T extends Outcome> Optional<T> first(Class<T> type) {
        return outcomes.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    Optional<Member> primary() {
        return run.observed().primary(run.now());
    }

    List<Member> members() {
        return run.observed().members();
    }

    /** How many members there are to be; in a pause as many as there are, for no other number will be reached. */
    int desired() {
        return run.observed()
                .statefulSet()
                .filter(set -> run.paused())
                .map(set -> set.getSpec().getReplicas())
                .orElseGet(() -> run.spec().replicasOrDefault());
    }

    /** Whether the objects that make up the cluster stand as the spec has them, or will without anybody's help. */
    boolean applied() {
        return rejected().isEmpty()
                && (!run.paused() || run.observed().statefulSet().isPresent());
    }

    int ready() {
        return run.observed().ready();
    }

    /** Whether every pod runs the current template and its kubelet knows. */
    boolean synced() {
        return members().size() == desired()
                && members().stream().allMatch(member -> member.specApplied() && !member.terminating())
                && working().isEmpty();
    }
}

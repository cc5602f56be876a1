package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import java.util.List;
import java.util.Optional;

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

    Optional<Outcome.Declined> declined() {
        return first(Outcome.Declined.class);
    }

    Optional<Outcome.Waiting> waiting() {
        return first(Outcome.Waiting.class);
    }

    Optional<Outcome.Working> working() {
        return first(Outcome.Working.class);
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

    int desired() {
        return run.spec().replicasOrDefault();
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

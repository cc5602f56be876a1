package com.smoketurner.postgres.cluster.network;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.ContentHash;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The cluster's NetworkPolicy. Rules that would cut a member off from the API server are taken back. */
@Singleton
public final class NetworkPolicyStep implements Step {

    private static final String TAKEN_BACK =
            "the rules of spec.networkPolicy.denyEgress are not in force, because a member did not reach the API server under"
                    + " them: allow that by a NetworkPolicy of your own, then set denyEgress to false and to true again";

    /** The program gives up after 10 s by itself. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final ControlPlane controlPlane;
    private final PodExec exec;
    private final EventRecorder events;

    NetworkPolicyStep(ControlPlane controlPlane, PodExec exec, EventRecorder events) {
        this.controlPlane = controlPlane;
        this.exec = exec;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.NETWORK_POLICY;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.spec().networkPolicyEnabled() && run.spec().poolerEnabled()) {
            run.applier().ensure(NetworkPolicies.ofPoolers(run.cluster()));
        } else {
            run.applier()
                    .ensureAbsent(
                            NetworkPolicy.class, run.namespace(), run.names().poolerNetworkPolicy());
        }
        if (!run.spec().networkPolicyEnabled()) {
            run.applier()
                    .ensureAbsent(
                            NetworkPolicy.class, run.namespace(), run.names().networkPolicy());
            return Outcome.DONE;
        }
        Optional<EgressTrial> trial = trial(run);
        ensure(run, trial);
        return trial.map(now -> switch (now.stage()) {
                    case TRYING -> tried(run, now);
                    case PASSED -> Outcome.DONE;
                    case FAILED -> new Outcome.Unsupported(Reason.EGRESS_TAKEN_BACK, TAKEN_BACK);
                })
                .orElse(Outcome.DONE);
    }

    /** Absent as long as no member leads: a cluster that has never worked cannot show what the rules do to it. */
    private Optional<EgressTrial> trial(ClusterRun run) {
        if (!run.spec().networkPolicyOrDefault().denyEgressOrDefault()) {
            return Optional.empty();
        }
        Optional<String> known = run.applier()
                .known(NetworkPolicy.class, run.namespace(), run.names().networkPolicy())
                .map(policy -> policy.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.EGRESS_TRIAL));
        if (known.isEmpty() && run.observed().primary(run.now()).isEmpty()) {
            return Optional.empty();
        }
        String rules = ContentHash.of(NetworkPolicies.egress(run.cluster(), controlPlane));
        return Optional.of(EgressTrial.of(known.orElse(null), rules));
    }

    private void ensure(ClusterRun run, Optional<EgressTrial> trial) {
        run.applier().ensure(NetworkPolicies.of(run.cluster(), controlPlane, trial));
    }

    private Outcome tried(ClusterRun run, EgressTrial trial) {
        List<Member> members =
                run.observed().members().stream().filter(Member::containerRuns).toList();
        if (members.isEmpty()) {
            return Outcome.UNDECIDED;
        }
        for (Member member : members) {
            Optional<String> obstacle = obstacle(run, member, trial);
            if (obstacle.isPresent()) {
                ensure(run, Optional.of(trial.at(EgressTrial.Stage.FAILED)));
                events.logAndRecord(
                        run.cluster(),
                        EventMessage.of(
                                EventReason.EGRESS_TAKEN_BACK,
                                "%s did not reach the API server under the rules of spec.networkPolicy.denyEgress, which are taken back: %s"
                                        .formatted(member.name(), obstacle.get())),
                        run.now());
                return new Outcome.Unsupported(Reason.EGRESS_TAKEN_BACK, TAKEN_BACK);
            }
        }
        ensure(run, Optional.of(trial.at(EgressTrial.Stage.PASSED)));
        return Outcome.DONE;
    }

    /** Why a member does not reach the API server by a connection of its own, which it opens now; asked twice before it counts. */
    private Optional<String> obstacle(ClusterRun run, Member member, EgressTrial trial) {
        Optional<String> first = attempt(run, member, trial);
        return first.isEmpty() ? first : attempt(run, member, trial);
    }

    private Optional<String> attempt(ClusterRun run, Member member, EgressTrial trial) {
        PodExec.Result result = exec.run(
                run.namespace(),
                member.name(),
                Member.CONTAINER,
                "",
                TIMEOUT,
                "annotate",
                "egress-trial",
                trial.rules());
        return result.succeeded()
                ? Optional.empty()
                : Optional.of(result.error().strip());
    }
}

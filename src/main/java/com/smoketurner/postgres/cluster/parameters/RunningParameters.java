package com.smoketurner.postgres.cluster.parameters;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.PatroniViews;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.PatroniRecords;
import com.smoketurner.postgres.kube.exec.ExecFailed;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.PatroniView;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps Patroni's dynamic configuration as the spec has it: the parameters, the timing and, where the spec says so, the way
 * of replication, of which the operator owns what it or the spec sets; all other keys are somebody else's. Values are judged
 * by a server's program before anything is changed; those of a new cluster, which has none yet, as soon as it has.
 *
 * <p>Comes before the ConfigMap is written, whose annotations name what the spec set that was last in force, and say
 * whether it was judged.
 */
@Singleton
public final class RunningParameters {

    private final PatroniRecords records;
    private final ParameterJudge judge;
    private final EventRecorder events;

    RunningParameters(PatroniRecords records, ParameterJudge judge, EventRecorder events) {
        this.records = records;
        this.judge = judge;
        this.events = events;
    }

    /**
     * What has become of the configuration of the running members.
     *
     * @param outcome done, or why it is not as the spec has it
     * @param unjudged what the spec sets is in force, or is to be, and no server has judged it
     */
    public record Result(Outcome outcome, boolean unjudged) {}

    public Result apply(ClusterRun run) {
        Optional<String> unwritable = Parameters.unwritable(run.spec().postgresqlParams());
        Optional<DynamicConfig> present = run.observed().dynamicConfig();
        if (present.isEmpty()) {
            // The first member takes what the ConfigMap says, which leaves out what cannot be written.
            return new Result(
                    unwritable.map(RunningParameters::invalid).orElse(Outcome.DONE),
                    !Parameters.user(run.spec().postgresqlParams()).isEmpty());
        }
        Map<String, String> former = former(run);
        if (unwritable.isPresent()) {
            return new Result(invalid(unwritable.get()), marked(former));
        }
        return apply(run, present.get(), wanted(run, present.get(), former), former);
    }

    private Result apply(ClusterRun run, DynamicConfig present, DynamicConfig wanted, Map<String, String> former) {
        Map<String, String> changed = changed(present, wanted);
        boolean due = marked(former) || !wanted.parameters().equals(present.parameters());
        Optional<ParameterVerdicts> verdicts = due ? judge(run, present, wanted, marked(former)) : Optional.empty();
        Optional<String> refusal = verdicts.flatMap(ParameterVerdicts::refusal);
        boolean unjudged =
                due && verdicts.isEmpty() && !ofUser(run, wanted.parameters()).isEmpty();
        if (refusal.isPresent()) {
            return new Result(invalid(refusal.get()), marked(former));
        }
        if (!wanted.equals(present)) {
            configure(
                    run,
                    wanted,
                    String.join(", ", changed.keySet()),
                    !ofUser(run, changed).isEmpty());
        }
        return new Result(Outcome.DONE, unjudged);
    }

    private static Outcome invalid(String message) {
        return new Outcome.PartlyRejected(Reason.INVALID_PARAMETER, message);
    }

    /**
     * The verdicts of the primary's program, or of another member's: a correction of what keeps all servers from starting must not
     * wait for one that has. Nothing where no container runs that could be asked; then the parameters are judged as soon as one does.
     */
    private Optional<ParameterVerdicts> judge(
            ClusterRun run, DynamicConfig present, DynamicConfig wanted, boolean marked) {
        Optional<Member> judging = judging(run.view());
        if (judging.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> values = ofUser(run, marked ? wanted.parameters() : changed(present, wanted));
        // What nobody has judged is no measure of what is wrong anyway.
        Map<String, String> measure = marked ? Map.of() : present.parameters();
        try {
            return Optional.of(judge.judge(
                    run.namespace(),
                    judging.get().name(),
                    ParameterProposals.of(run.view(), judging.get(), values, measure, wanted.parameters())));
        } catch (ExecFailed e) {
            if (run.observed().primary(run.now()).isPresent()) {
                throw e;
            }
            Log.debugf("%s: no member can judge the parameters: %s", run.names().cluster(), e.getMessage());
            return Optional.empty();
        }
    }

    /** The primary, or any member whose container runs. */
    static Optional<Member> judging(ClusterView view) {
        return view.observed()
                .primary(view.now())
                .or(() -> view.observed().members().stream()
                        .filter(Member::containerRuns)
                        .min(Comparator.comparing((Member member) -> !member.ready())
                                .thenComparingInt(Member::ordinal)));
    }

    private static boolean marked(Map<String, String> former) {
        return former.containsKey(Annotations.UNJUDGED_PARAMETERS);
    }

    private void configure(ClusterRun run, DynamicConfig wanted, String names, boolean announced) {
        Log.infof(
                "the dynamic configuration changes: parameters %s, synchronous mode %s",
                names, wanted.synchronousMode());
        records.configure(run.observed().config().orElseThrow(), wanted.json());
        if (announced) {
            events.record(
                    run.cluster(),
                    EventMessage.of(EventReason.PARAMETERS_APPLIED, "applied parameters: " + names),
                    run.now());
        }
    }

    /** A spec that says nothing of replication, and never did, leaves it to {@code patronictl edit-config}. */
    private static DynamicConfig wanted(ClusterRun run, DynamicConfig present, Map<String, String> former) {
        PatroniView view = PatroniViews.of(run.cluster(), run.view().podInputs());
        boolean ours = run.spec().replication() != null || former.containsKey(Annotations.REPLICATION);
        Set<String> dropped = dropped(run, former);
        return ours ? present.with(view, dropped) : present.tuned(view, dropped);
    }

    /** The annotations of the ConfigMap as it was written last. */
    private static Map<String, String> former(ClusterRun run) {
        return run.applier()
                .known(ConfigMap.class, run.namespace(), run.names().patroniConfigMap())
                .map(map -> map.getMetadata().getAnnotations())
                .orElse(Map.of());
    }

    /** Those of the parameters that the spec sets. */
    private static Map<String, String> ofUser(ClusterRun run, Map<String, String> parameters) {
        Map<String, String> ofUser = new TreeMap<>(parameters);
        ofUser.keySet().retainAll(Parameters.user(run.spec().postgresqlParams()).keySet());
        return ofUser;
    }

    /** What the former spec set and this one does not. */
    private static Set<String> dropped(ClusterRun run, Map<String, String> former) {
        String names = former.getOrDefault(Annotations.USER_PARAMETERS, "");
        Set<String> dropped = new TreeSet<>(Set.of(names.split(",")));
        dropped.removeAll(Parameters.user(run.spec().postgresqlParams()).keySet());
        return dropped;
    }

    private static Map<String, String> changed(DynamicConfig present, DynamicConfig wanted) {
        Map<String, String> changed = new TreeMap<>(wanted.parameters());
        changed.entrySet().removeAll(present.parameters().entrySet());
        return changed;
    }
}

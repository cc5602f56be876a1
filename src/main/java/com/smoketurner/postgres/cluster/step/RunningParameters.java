package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.PatroniViews;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.kube.Announcement;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.PatroniRecords;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.patroni.PatroniView;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Keeps Patroni's dynamic configuration as the spec has it: the parameters, the timing and, where the spec says so, the way
 * of replication, of which the operator owns what it or the spec sets; all other keys are somebody else's. Values are judged
 * by the server before anything is changed; those of a new cluster, which has none yet, as soon as it has.
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

    /** Done, or why the configuration of the running members is not as the spec has it. */
    Outcome apply(ClusterRun run) {
        Optional<DynamicConfig> present = run.observed().dynamicConfig();
        if (present.isEmpty()) {
            return Outcome.DONE; // The first member takes what the ConfigMap says.
        }
        Map<String, String> former = former(run);
        DynamicConfig wanted = wanted(run, present.get(), former);
        Map<String, String> changed = changed(present.get(), wanted);
        Map<String, String> changedByUser = ofUser(run, changed);
        Optional<Member> primary = run.observed().primary(run.now());
        if (primary.isEmpty() && !changedByUser.isEmpty()) {
            return new Outcome.Working("ApplyingParameters", "waiting for a primary to judge the parameters");
        }
        Map<String, String> toJudge = marked(former) ? ofUser(run, wanted.parameters()) : changedByUser;
        Optional<String> refusal = primary.flatMap(member -> judge.refusal(run, member, toJudge));
        if (refusal.isPresent()) {
            return new Outcome.PartlyRejected("InvalidParameter", refusal.get());
        }
        if (!wanted.equals(present.get())) {
            configure(run, wanted, String.join(", ", changed.keySet()), !changedByUser.isEmpty());
        }
        return Outcome.DONE;
    }

    /** Whether what the spec sets is in force, or is to be, and no server has judged it. */
    static boolean unjudged(ClusterRun run) {
        return unjudged(run.view(), () -> marked(former(run)));
    }

    /**
     * The same.
     *
     * @param marked whether they were not when the ConfigMap was written last; asked where nothing else tells, for that unpacks it
     */
    static boolean unjudged(ClusterView view, BooleanSupplier marked) {
        if (Parameters.user(view.spec().postgresqlParams()).isEmpty()) {
            return false;
        }
        return view.observed().dynamicConfig().isEmpty()
                || (view.observed().primary(view.now()).isEmpty() && marked.getAsBoolean());
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
            events.send(
                    run.cluster(),
                    Announcement.normal("ParametersApplied", "Patroni has taken over " + names),
                    run.now());
        }
    }

    /** A spec that says nothing of replication, and never did, leaves it to {@code patronictl edit-config}. */
    private static DynamicConfig wanted(ClusterRun run, DynamicConfig present, Map<String, String> former) {
        PatroniView view = PatroniViews.of(run.cluster(), run.view().facts());
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

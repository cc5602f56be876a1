package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.PatroniViews;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.kube.PatroniRecords;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.patroni.ConfigRecord;
import com.smoketurner.postgres.patroni.DynamicConfig;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps Patroni's dynamic configuration as the spec has it: the parameters and the timing, of which the operator owns what
 * it or the spec sets; all other keys are somebody else's. Values are judged by the server before anything is changed.
 *
 * <p>Comes before the ConfigMap is written, whose annotation names the parameters of the spec that was last in force.
 */
@Singleton
public final class RunningParameters {

    private final PatroniRecords records;
    private final ParameterJudge judge;

    RunningParameters(PatroniRecords records, ParameterJudge judge) {
        this.records = records;
        this.judge = judge;
    }

    /** Done, or why the configuration of the running members is not as the spec has it. */
    Outcome apply(ClusterRun run) {
        Optional<Endpoints> record = run.observed().config();
        Optional<DynamicConfig> present = record.map(
                        endpoints -> endpoints.getMetadata().getAnnotations())
                .flatMap(ConfigRecord::of)
                .flatMap(config -> Optional.ofNullable(config.config()));
        if (present.isEmpty()) {
            return Outcome.DONE; // The first member takes what the ConfigMap says.
        }
        DynamicConfig wanted = present.get().tuned(PatroniViews.of(run.cluster(), run.facts()), dropped(run));
        if (wanted.equals(present.get())) {
            return Outcome.DONE;
        }
        Map<String, String> changed = changed(present.get(), wanted);
        Map<String, String> ofUser = new TreeMap<>(changed);
        ofUser.keySet().retainAll(Parameters.user(run.spec().postgresqlParams()).keySet());
        if (!ofUser.isEmpty()) {
            Optional<Member> primary = run.observed().primary(run.now());
            if (primary.isEmpty()) {
                return new Outcome.Working("ApplyingParameters", "waiting for a primary to judge the parameters");
            }
            Optional<String> refusal = judge.refusal(run, primary.get(), ofUser);
            if (refusal.isPresent()) {
                return new Outcome.Declined("InvalidParameter", refusal.get());
            }
        }
        Log.infof("the dynamic configuration changes: %s", changed.keySet());
        records.configure(record.get(), wanted.json());
        return Outcome.DONE;
    }

    /** What the former spec set and this one does not. */
    private static Set<String> dropped(ClusterRun run) {
        String names = run.applier()
                .live(ConfigMap.class, run.namespace(), run.names().patroniConfigMap())
                .map(map -> map.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.USER_PARAMETERS))
                .orElse("");
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

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.Labels;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes the user's labels on members that run: a label costs no restart. */
@Singleton
public final class UserLabelsStep implements Step {

    private final MemberPods pods;

    UserLabelsStep(MemberPods pods) {
        this.pods = pods;
    }

    @Override
    public Part part() {
        return Part.USER_LABELS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        for (Member member : run.observed().members()) {
            Map<String, @Nullable String> change = change(run.cluster(), member);
            if (!change.isEmpty() && !member.terminating()) {
                pods.mark(
                        run.applier(),
                        run.namespace(),
                        member.name(),
                        change,
                        Map.of(Annotations.USER_LABELS, Labels.userKeys(run.cluster())));
            }
        }
        return Outcome.DONE;
    }

    /** What a member's labels lack of the user's, and with null what the user has taken back. */
    static Map<String, @Nullable String> change(PostgresCluster cluster, Member member) {
        Map<String, @Nullable String> change = new HashMap<>();
        Map<String, String> wanted = Labels.user(cluster);
        member.userLabels().stream()
                .filter(key -> !wanted.containsKey(key) && !Labels.isReserved(key))
                .filter(member.labels()::containsKey)
                .forEach(key -> change.put(key, null));
        wanted.forEach((key, value) -> {
            if (!value.equals(member.labels().get(key))) {
                change.put(key, value);
            }
        });
        return change;
    }
}

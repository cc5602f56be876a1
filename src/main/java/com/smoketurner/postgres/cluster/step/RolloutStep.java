package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives every pod the current template, one after the other. The StatefulSet does not (it is OnDelete): it would take the
 * primary by its ordinal. A primary that is deleted hands over in its preStop hook.
 */
@Singleton
public final class RolloutStep implements Step {

    private final MemberPods pods;
    private final ServerRestarts restarts;

    RolloutStep(MemberPods pods, ServerRestarts restarts) {
        this.pods = pods;
        this.restarts = restarts;
    }

    @Override
    public Outcome run(ClusterRun run) {
        return run.observed()
                .statefulSet()
                .map(set -> roll(run, set.getSpec().getTemplate(), set))
                .orElse(Outcome.DONE);
    }

    private Outcome roll(ClusterRun run, PodTemplateSpec template, StatefulSet set) {
        RolloutPlan plan = new RolloutPlan(
                run.observed().members(), run.spec().replicasOrDefault(), hash(template), resources(template));
        List<Member> outdated = plan.outdated();
        if (outdated.isEmpty()) {
            return restarts.next(run);
        }
        plan.next().ifPresent(member -> {
            Log.infof(
                    "pod %s of %s is made anew with the current template",
                    member.name(), set.getMetadata().getName());
            pods.recreate(run.namespace(), member.name(), member.uid());
        });
        return new Outcome.Working(
                "RollingRestart",
                "members still to be restarted: "
                        + outdated.stream().map(Member::name).collect(Collectors.joining(", ")));
    }

    private static @Nullable String hash(PodTemplateSpec template) {
        return template.getMetadata().getAnnotations().get(Annotations.POD_TEMPLATE_HASH);
    }

    private static io.fabric8.kubernetes.api.model.@Nullable ResourceRequirements resources(PodTemplateSpec template) {
        return template.getSpec().getContainers().stream()
                .filter(container -> Member.CONTAINER.equals(container.getName()))
                .map(Container::getResources)
                .findFirst()
                .orElse(null);
    }
}

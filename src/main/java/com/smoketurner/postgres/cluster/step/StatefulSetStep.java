package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.Planner;
import com.smoketurner.postgres.cluster.plan.RolloutState;
import com.smoketurner.postgres.cluster.plan.RolloutStates;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.cluster.run.Volumes;
import com.smoketurner.postgres.kube.MemberPods;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * The StatefulSet of the members, as many of them as the planner lets run. Its claim template cannot change, so for
 * another size it is deleted without its pods and recreated; the new one adopts the pods.
 */
@Singleton
public final class StatefulSetStep implements Step {

    private final MemberPods pods;

    StatefulSetStep(MemberPods pods) {
        this.pods = pods;
    }

    @Override
    public Part part() {
        return Part.MEMBERS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<StatefulSet> set = run.observed().statefulSet();
        if (set.isPresent() && (run.view().going() || replaced(run, set.get()))) {
            return Outcome.DONE; // It lingers until the garbage collector has let go of the pods; its end wakes us.
        }
        int before = run.applier().writes();
        apply(
                run,
                StatefulSets.of(
                        run.cluster(),
                        run.view().podInputs().withMembers(count(run)),
                        run.view().podTemplate()));
        boolean changed = run.applier().writes() > before;
        // Until the pods show what the change means for them, the cluster does not count as settled.
        return changed && set.isPresent()
                ? new Outcome.Working(Reason.CREATING_RESOURCES, "the StatefulSet was updated")
                : Outcome.DONE;
    }

    /**
     * Under an autoscaler the number of members is what was read, and the autoscaler may have changed it since: then nothing is
     * written, and the watch tells the new number. The field is not left out instead: the API server would set it to 1 where
     * nobody else has written it yet.
     */
    private static void apply(ClusterRun run, StatefulSet desired) {
        Optional<StatefulSet> read = run.observed().statefulSet();
        if (run.view().autoscaled() && read.isPresent()) {
            run.applier().ensureFollows(desired, read.get());
        } else {
            run.applier().ensure(desired);
        }
    }

    private boolean replaced(ClusterRun run, StatefulSet set) {
        Volumes volumes = Volumes.of(run.view());
        boolean due = volumes.templateOutdated()
                && volumes.knownToAll(run.now())
                && run.view().podsTellAll();
        if (due) {
            pods.orphan(set);
        }
        return due;
    }

    private static boolean stoppedForUpgrade(ClusterRun run) {
        return run.cluster()
                .versionUpgrade()
                .filter(upgrade -> upgrade.state().outage())
                .isPresent();
    }

    private static int count(ClusterRun run) {
        RolloutState state = RolloutStates.of(run.view());
        if (stoppedForUpgrade(run)) {
            return state.applied(); // A member that starts now would have the programs of the former version.
        }
        return Planner.next(state) instanceof Action.Scale(int members) ? members : state.applied();
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.StatefulSets;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Step;
import jakarta.inject.Singleton;

/** The StatefulSet of the members. */
@Singleton
public final class MembersStep implements Step {

    @Override
    public Outcome run(ClusterRun run) {
        int before = run.applier().writes();
        run.applier().ensure(StatefulSets.of(run.cluster(), run.settings(), run.facts()));
        boolean changed = run.applier().writes() > before;
        // Until the pods show what the change means for them, the cluster does not count as settled.
        return changed && run.observed().statefulSet().isPresent()
                ? new Outcome.Working("CreatingResources", "the StatefulSet has been changed")
                : Outcome.DONE;
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.DisruptionBudgets;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import jakarta.inject.Singleton;

/** How many members may be evicted at a time. */
@Singleton
public final class DisruptionBudgetStep implements Step {

    @Override
    public Part part() {
        return Part.DISRUPTION_BUDGET;
    }

    @Override
    public Outcome run(ClusterRun run) {
        run.applier().ensure(DisruptionBudgets.of(run.cluster(), run.view().podInputs()));
        return Outcome.DONE;
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.PatroniAccess;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import jakarta.inject.Singleton;

/** What the members may do in the API: their ServiceAccount, Role and RoleBinding. */
@Singleton
public final class AccessStep implements Step {

    @Override
    public Part part() {
        return Part.ACCESS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        run.applier().ensure(PatroniAccess.accountOf(run.cluster()));
        run.applier().ensure(PatroniAccess.roleOf(run.cluster()));
        run.applier().ensure(PatroniAccess.roleBindingOf(run.cluster()));
        return Outcome.DONE;
    }
}

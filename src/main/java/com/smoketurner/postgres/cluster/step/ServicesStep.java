package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.Services;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import io.fabric8.kubernetes.api.model.Service;
import jakarta.inject.Singleton;

/** Where clients connect, and the Services that Patroni's records hang on. */
@Singleton
public final class ServicesStep implements Step {

    @Override
    public Part part() {
        return Part.SERVICES;
    }

    @Override
    public Outcome run(ClusterRun run) {
        run.applier().ensure(Services.leaderOf(run.cluster()));
        run.applier().ensure(Services.configOf(run.cluster()));
        run.applier().ensure(Services.headlessOf(run.cluster()));
        run.applier().ensure(Services.primaryOf(run.cluster()));
        Services.replicaOf(run.cluster(), run.view().podInputs())
                .ifPresentOrElse(
                        run.applier()::ensure,
                        () -> run.applier()
                                .ensureAbsent(
                                        Service.class,
                                        run.namespace(),
                                        run.names().replicaService()));
        return Outcome.DONE;
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.PatroniConfigMap;
import com.smoketurner.postgres.cluster.parameters.RunningParameters;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import jakarta.inject.Singleton;

/** Patroni's configuration and the scripts of the members. */
@Singleton
public final class ConfigurationStep implements Step {

    private final RunningParameters parameters;

    ConfigurationStep(RunningParameters parameters) {
        this.parameters = parameters;
    }

    @Override
    public Part part() {
        return Part.CONFIGURATION;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.spec().tlsEnabled()
                && run.observed().tls().isEmpty()
                && run.observed().statefulSet().isEmpty()) {
            return Outcome.DONE; // What it says depends on the certificate, and nobody reads it before.
        }
        RunningParameters.Result result = parameters.apply(run);
        // What a running cluster does not take over is not taken over by its files either.
        if (result.outcome().equals(Outcome.DONE)
                || run.observed().dynamicConfig().isEmpty()) {
            run.applier().ensure(PatroniConfigMap.of(run.cluster(), run.view().podInputs(), result.unjudged()));
        }
        return result.outcome();
    }
}

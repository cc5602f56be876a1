package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Judges the spec. A spec that is rejected changes nothing: what runs goes on as it was. */
@Singleton
public final class SpecStep implements Step {

    @Override
    public Part part() {
        return Part.SPEC;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Optional<Outcome.Rejected> invalid = Validation.of(run.cluster(), run.observed());
        return invalid.isPresent() ? invalid.get() : Outcome.DONE;
    }
}

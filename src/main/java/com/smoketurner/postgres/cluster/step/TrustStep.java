package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.Durations;
import com.smoketurner.postgres.cluster.desired.Authorities;
import com.smoketurner.postgres.cluster.desired.CaBundle;
import com.smoketurner.postgres.cluster.desired.OwnAuthority;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Step;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;

/** {@code <c>-ca-bundle}: whom members, poolers and clients trust, during a change of the authority the former one as well. */
@Singleton
public final class TrustStep implements Step {

    @Override
    public Part part() {
        return Part.TRUST;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (!run.spec().tlsEnabled()) {
            run.applier()
                    .ensureAbsent(ConfigMap.class, run.namespace(), run.names().caBundle());
            return Outcome.DONE;
        }
        List<String> signing = new ArrayList<>();
        SecretText.of(run.observed().tls(), CaBundle.KEY).ifPresent(signing::add);
        if (OwnAuthority.signs(run.cluster(), run.view().settings())) {
            SecretText.of(
                            run.applier()
                                    .known(
                                            Secret.class,
                                            run.namespace(),
                                            run.names().authority()),
                            "tls.crt")
                    .ifPresent(signing::add);
        }
        Authorities authorities = CaBundle.read(run.observed().caBundle())
                .next(signing, Durations.parse(run.spec().tlsOrDefault().durationOrDefault()), run.now());
        if (!authorities.isEmpty()) {
            run.applier().ensure(CaBundle.of(run.cluster(), authorities));
        }
        return Outcome.DONE;
    }
}

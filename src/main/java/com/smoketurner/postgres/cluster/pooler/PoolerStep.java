package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.cluster.desired.InternalSecret;
import com.smoketurner.postgres.cluster.desired.PoolerSecret;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.SecretText;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.Certificates;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.postgres.PasswordSource;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import jakarta.inject.Singleton;

/** The poolers. Their pods are started when the servers have the role by which they look up clients. */
@Singleton
public final class PoolerStep implements Step {

    private final PasswordSource source = new PasswordSource();
    private final MemberPods pods;
    private final Reconnects reconnects;

    PoolerStep(MemberPods pods, Reconnects reconnects) {
        this.pods = pods;
        this.reconnects = reconnects;
    }

    @Override
    public Part part() {
        return Part.POOLER;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.spec().poolerEnabled()) {
            run.applier()
                    .ensure(PoolerSecret.of(
                            run.cluster(),
                            source.kept(
                                    run.applier()
                                            .find(
                                                    Secret.class,
                                                    run.namespace(),
                                                    run.names().pooler()),
                                    PoolerSecret.PASSWORD)));
        } else {
            run.applier()
                    .ensureAbsent(Secret.class, run.namespace(), run.names().pooler());
        }
        for (Pooler pooler : Pooler.all(run.cluster())) {
            if (pooler.enabled()) {
                ensure(run, pooler);
            } else {
                remove(run, pooler);
            }
        }
        if (run.spec().poolerEnabled()) {
            reconnects.follow(run);
        }
        return Outcome.DONE;
    }

    private void ensure(ClusterRun run, Pooler pooler) {
        boolean authority = run.view().podInputs().tlsCaPresent();
        run.applier().ensure(PoolerConfig.of(pooler, authority));
        run.applier().ensure(PoolerObjects.service(pooler));
        run.applier().ensure(PoolerObjects.disruptionBudget(pooler));
        if (run.spec().tlsEnabled()) {
            Certificates.ensure(
                    run.applier(), PoolerObjects.certificate(pooler, run.view().settings()));
        } else {
            Certificates.remove(run.applier(), pods, run.namespace(), pooler.certificate());
        }
        if (SecretText.of(run.observed().internal(), InternalSecret.appliedRole(PoolerSecret.FEATURE))
                .isPresent()) {
            run.applier().ensure(PoolerDeployment.of(pooler, run.view().settings()));
        }
    }

    private void remove(ClusterRun run, Pooler pooler) {
        run.applier().ensureAbsent(Deployment.class, run.namespace(), pooler.name());
        run.applier().ensureAbsent(Service.class, run.namespace(), pooler.name());
        run.applier().ensureAbsent(PodDisruptionBudget.class, run.namespace(), pooler.disruptionBudget());
        run.applier().ensureAbsent(ConfigMap.class, run.namespace(), pooler.configMap());
        Certificates.remove(run.applier(), pods, run.namespace(), pooler.certificate());
    }
}

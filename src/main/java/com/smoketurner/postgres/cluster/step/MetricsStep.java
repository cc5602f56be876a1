package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.desired.MonitoringSecret;
import com.smoketurner.postgres.cluster.desired.PodMonitors;
import com.smoketurner.postgres.cluster.desired.Services;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.PrometheusOperator;
import com.smoketurner.postgres.postgres.PasswordSource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import jakarta.inject.Singleton;

/** What the exporters of the members and KEDA need to read statistics, and where exporters are found. */
@Singleton
public final class MetricsStep implements Step {

    private final PasswordSource source = new PasswordSource();

    @Override
    public Part part() {
        return Part.METRICS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        if (run.spec().monitored()) {
            run.applier()
                    .ensure(MonitoringSecret.of(
                            run.cluster(),
                            source.kept(
                                    run.applier()
                                            .find(
                                                    Secret.class,
                                                    run.namespace(),
                                                    run.names().monitoringSecret()),
                                    MonitoringSecret.PASSWORD)));
        } else {
            run.applier()
                    .ensureAbsent(Secret.class, run.namespace(), run.names().monitoringSecret());
        }
        if (!run.spec().metricsEnabled()) {
            run.applier()
                    .ensureAbsent(
                            PrometheusOperator.POD_MONITOR,
                            run.namespace(),
                            run.names().metricsService());
            run.applier()
                    .ensureAbsent(Service.class, run.namespace(), run.names().metricsService());
            return Outcome.DONE;
        }
        run.applier().ensure(Services.metricsOf(run.cluster()));
        if (run.applier().watches(PrometheusOperator.POD_MONITOR)) {
            run.applier().ensure(PodMonitors.of(run.cluster()));
        }
        return Outcome.DONE;
    }
}

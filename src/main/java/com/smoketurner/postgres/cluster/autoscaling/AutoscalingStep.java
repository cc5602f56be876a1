package com.smoketurner.postgres.cluster.autoscaling;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.Autoscaler;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.Keda;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import jakarta.inject.Singleton;
import java.util.List;

/** Has KEDA scale the members, within what their state permits. */
@Singleton
public final class AutoscalingStep implements Step {

    private final Keda keda;
    private final EventRecorder events;

    AutoscalingStep(Keda keda, EventRecorder events) {
        this.keda = keda;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.AUTOSCALING;
    }

    @Override
    public Outcome run(ClusterRun run) {
        Autoscaler autoscaler = run.observed().autoscaler();
        boolean wanted = run.spec().scalingActive();
        if (wanted && !autoscaler.served()) {
            return new Outcome.Unsupported(
                    Reason.KEDA_NOT_INSTALLED,
                    "KEDA is not installed: the cluster runs with spec.replicas = %d; install KEDA 2.18 or newer"
                            .formatted(run.spec().replicasOrDefault()));
        }
        List<GenericKubernetesResource> leaving = autoscaler
                .objects()
                .filter(object -> !wanted || object.getMetadata().getDeletionTimestamp() != null)
                .toList();
        leaving.forEach(object -> remove(run, object));
        if (!leaving.isEmpty()) {
            return Outcome.UNDECIDED; // What is wanted all the same is made again when it is gone.
        }
        return wanted ? ensure(run) : Outcome.DONE;
    }

    private Outcome ensure(ClusterRun run) {
        if (run.spec().connectionScaling()) {
            run.applier().ensure(ScaledObjects.authentication(run.cluster()));
        } else {
            run.observed().autoscaler().authentication().ifPresent(object -> remove(run, object));
        }
        run.applier().ensure(ScaledObjects.scaledObject(run.cluster(), ScaleLimits.of(run.view())));
        return ScaledObjects.cpuTarget(run.cluster()) == null || keda.metricsServed(run.now())
                ? Outcome.DONE
                : new Outcome.Unsupported(
                        Reason.METRICS_SERVER_NOT_AVAILABLE,
                        "the CPU of the members is not measured: the API server does not serve metrics.k8s.io;"
                                + " install metrics-server");
    }

    private void remove(ClusterRun run, GenericKubernetesResource object) {
        if (Keda.remove(run.applier(), object, run.now())) {
            events.logAndRecord(
                    run.cluster(),
                    EventMessage.of(EventReason.KEDA_FINALIZER_REMOVED, Keda.abandoned(object)),
                    run.now());
        }
    }
}

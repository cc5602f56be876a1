package com.smoketurner.postgres.cluster.autoscaling;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.ResourcesSpec;
import com.smoketurner.postgres.api.ScalingSpec;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.kube.Keda;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether KEDA scales the members, and if not, why. */
public final class AutoscalingSection implements Section {

    private static final ConditionType TYPE = ConditionType.AUTOSCALING_ACTIVE;

    /** What somebody has to do something about, by the reason of the condition. */
    private static final Map<Reason, EventReason> WARNINGS = Map.of(
            Reason.KEDA_NOT_INSTALLED, EventReason.KEDA_NOT_INSTALLED,
            Reason.METRICS_SERVER_NOT_AVAILABLE, EventReason.METRICS_SERVER_NOT_AVAILABLE,
            Reason.CPU_REQUEST_MISSING, EventReason.CPU_REQUEST_MISSING,
            Reason.SCALED_OBJECT_NOT_READY, EventReason.SCALED_OBJECT_NOT_READY,
            Reason.SCALE_OUT_PAUSED, EventReason.SCALE_OUT_PAUSED);

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        PostgresClusterSpec spec = report.view().spec();
        ScalingSpec scaling = spec.scalingOrDefault();
        if (!scaling.active()) {
            draft.condition(TYPE, false, Reason.SCALING_DISABLED, "spec.scaling is not enabled");
        } else if (!spec.scalingActive()) {
            draft.condition(
                    TYPE,
                    false,
                    Reason.NO_HEADROOM,
                    "scaling.maxReplicas (%d) is not higher than scaling.minReplicas (%d)"
                            .formatted(scaling.maxReplicasOrDefault(), spec.minReplicas()));
        } else {
            requested(report, draft);
        }
        events(draft);
    }

    private static void requested(ClusterReport report, StatusDraft draft) {
        Optional<Outcome> outcome = report.outcome(Part.AUTOSCALING);
        ScaleLimits limits = ScaleLimits.of(report.view());
        Optional<GenericKubernetesResource> object =
                report.view().observed().autoscaler().scaledObject();
        Optional<String> failure = object.flatMap(Keda::failure);
        if (outcome.isEmpty() || outcome.get() instanceof Outcome.Failed) {
            draft.shown(TYPE).ifPresent(draft::keep);
        } else if (outcome.get() instanceof Outcome.Unsupported(Reason reason, String message)) {
            draft.condition(TYPE, false, reason, message);
        } else if (cpuRequestMissing(report.view())) {
            draft.condition(
                    TYPE,
                    false,
                    Reason.CPU_REQUEST_MISSING,
                    "utilization is a share of spec.resources.requests.cpu, which is not set;"
                            + " set it, or scaling.connectionThreshold");
        } else if (failure.isPresent()) {
            draft.condition(
                    TYPE,
                    false,
                    Reason.SCALED_OBJECT_NOT_READY,
                    "KEDA cannot use the ScaledObject, the number of members stays: " + failure.get());
        } else if (limits.scaleOutPaused()) {
            draft.condition(
                    TYPE,
                    false,
                    Reason.SCALE_OUT_PAUSED,
                    "no members are added while %s %s too far behind"
                            .formatted(
                                    String.join(", ", limits.lagging()),
                                    limits.lagging().size() == 1 ? "is" : "are"));
        } else {
            draft.condition(TYPE, true, Reason.SCALED_OBJECT_APPLIED, active(report.view(), limits, object));
        }
    }

    private static boolean cpuRequestMissing(ClusterView view) {
        ResourcesSpec resources = view.spec().resourcesOrDefault();
        return ScaledObjects.cpuTarget(view.cluster()) != null
                && Stream.of(resources.requests(), resources.limits())
                        .allMatch(amounts -> amounts == null || amounts.cpu() == null);
    }

    private static String active(
            ClusterView view, ScaleLimits limits, Optional<GenericKubernetesResource> scaledObject) {
        PostgresClusterSpec spec = view.spec();
        String range = "KEDA scales between %d and %d members"
                .formatted(spec.minReplicas(), spec.scalingOrDefault().maxReplicasOrDefault());
        if (scaledObject.filter(Keda::answered).isEmpty()) {
            return range + "; it has not answered yet";
        }
        return limits.scaleInPaused(spec.minReplicas())
                ? range + "; no members are removed until the primary is one of the first " + spec.minReplicas()
                : range;
    }

    private static void events(StatusDraft draft) {
        Optional<Condition> shown = draft.shown(TYPE);
        draft.written(TYPE).ifPresent(now -> {
            boolean same =
                    shown.filter(before -> before.reason().equals(now.reason())).isPresent();
            WARNINGS.forEach((reason, event) -> {
                if (!same && StatusDraft.has(now, reason)) {
                    draft.event(event, now.message());
                }
            });
            if (shown.filter(before -> StatusDraft.has(before, Reason.SCALE_OUT_PAUSED))
                            .isPresent()
                    && StatusDraft.has(now, Reason.SCALED_OBJECT_APPLIED)) {
                draft.event(EventReason.SCALE_OUT_RESUMED, "all replicas have caught up, members may be added again");
            }
        });
    }
}

package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.PoolerPod;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import java.util.stream.Collectors;

/** Whether poolers run, and how many of their pods are ready. */
public final class PoolerSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        boolean enabled = report.view().spec().poolerEnabled();
        int ready = report.view().observed().poolersReady();
        draft.fields().pgbouncerEnabled(enabled).pgbouncerReadyReplicas(ready);
        if (!enabled) {
            return;
        }
        long poolers = Pooler.all(report.view().cluster()).stream()
                .filter(Pooler::enabled)
                .count();
        long wanted = poolers * report.view().spec().pgbouncerOrDefault().replicasOrDefault();
        if (ready >= wanted) {
            draft.condition(
                    ConditionType.POOLER_READY,
                    true,
                    Reason.POOLER_PODS_READY,
                    "all %d pods are ready".formatted(wanted));
        } else {
            draft.condition(
                    ConditionType.POOLER_READY,
                    false,
                    Reason.POOLER_PODS_NOT_READY,
                    "%d of %d pods are ready%s".formatted(ready, wanted, troubles(report)));
        }
    }

    private static String troubles(ClusterReport report) {
        return report.view().observed().poolers().stream()
                .filter(pod -> pod.trouble() != null && !pod.terminating())
                .map(PoolerSection::trouble)
                .collect(Collectors.joining());
    }

    private static String trouble(PoolerPod pod) {
        return "; %s: %s".formatted(pod.name(), pod.trouble());
    }
}

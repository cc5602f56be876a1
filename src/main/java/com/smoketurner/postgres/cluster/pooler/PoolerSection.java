package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;

/** Whether poolers run, and how many of their pods are ready. */
public final class PoolerSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        draft.fields()
                .pgbouncerEnabled(report.view().spec().poolerEnabled())
                .pgbouncerReadyReplicas(report.view().observed().poolersReady());
    }
}

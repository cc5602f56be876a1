package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;

/** The capabilities that this release does not have: each line goes when its capability brings a section. */
final class LaterSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        draft.condition(
                ConditionType.AUTOSCALING_ACTIVE, false, Reason.SCALING_DISABLED, "spec.scaling is not enabled");
    }
}

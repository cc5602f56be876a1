package com.smoketurner.postgres.cluster.network;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.NetworkPolicySpec;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import java.util.Optional;

/** Whether the network policy of the spec is in force; says nothing of a cluster without one. */
public final class NetworkSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        if (!report.view().spec().networkPolicyEnabled()) {
            return;
        }
        Optional<Outcome> outcome = report.outcome(Part.NETWORK_POLICY);
        if (outcome.isEmpty() || outcome.get() instanceof Outcome.Failed) {
            draft.shown(ConditionType.NETWORK_POLICY_APPLIED).ifPresent(draft::keep);
        } else if (outcome.get() instanceof Outcome.Unsupported(Reason reason, String message)) {
            draft.condition(ConditionType.NETWORK_POLICY_APPLIED, false, reason, message);
        } else {
            NetworkPolicySpec spec = report.view().spec().networkPolicyOrDefault();
            draft.condition(
                    ConditionType.NETWORK_POLICY_APPLIED,
                    true,
                    Reason.NETWORK_POLICY_IN_FORCE,
                    spec.denyEgressOrDefault()
                            ? "connections to the members are restricted, and those that they open"
                            : "connections to the members are restricted");
        }
    }
}

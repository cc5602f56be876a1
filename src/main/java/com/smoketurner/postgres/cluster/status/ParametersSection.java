package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import java.util.Optional;

/** Whether the parameters of the spec count on the servers. Where no server has answered, what was known last is shown. */
final class ParametersSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        Optional<Outcome.Unsupported> overridden = report.outcome(Part.OVERRIDES, Outcome.Unsupported.class);
        Optional<Condition> shown = draft.shown(ConditionType.PARAMETERS_IN_FORCE);
        boolean answered =
                report.outcome(Part.OVERRIDES).filter(Outcome.DONE::equals).isPresent();
        if (overridden.isPresent()) {
            draft.condition(
                    ConditionType.PARAMETERS_IN_FORCE,
                    false,
                    overridden.get().reason(),
                    overridden.get().message());
        } else if (!answered && shown.isPresent()) {
            draft.keep(shown.get());
        } else {
            draft.condition(
                    ConditionType.PARAMETERS_IN_FORCE,
                    true,
                    Reason.NOT_OVERRIDDEN,
                    "no server has other parameters than the spec sets");
        }
        draft.news(ConditionType.PARAMETERS_IN_FORCE)
                .filter(condition -> !StatusDraft.isTrue(condition))
                .ifPresent(condition -> draft.event(EventReason.PARAMETER_OVERRIDDEN, condition.message()));
    }
}

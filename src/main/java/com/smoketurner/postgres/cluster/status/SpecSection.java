package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.naming.Labels;
import java.util.Optional;

/** Whether the spec can be carried out, and which generation of it was judged. */
final class SpecSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        Optional<Outcome.Rejected> wrong = report.rejected()
                .or(() -> report.partlyRejected().map(part -> new Outcome.Rejected(part.reason(), part.message())));
        Optional<String> ignored = ignoredLabels(report);
        draft.condition(
                ConditionType.CONFIGURATION_VALID,
                wrong.isEmpty(),
                wrong.map(Outcome.Rejected::reason).orElse(Reason.SPEC_VALID),
                wrong.map(Outcome.Rejected::message)
                        .orElseGet(() -> "the spec is valid"
                                + ignored.map(labels -> "; " + labels).orElse("")));
        if (!report.view().paused()) {
            draft.fields()
                    .observedGeneration(report.view().cluster().getMetadata().getGeneration());
        }
        draft.news(ConditionType.CONFIGURATION_VALID)
                .filter(condition -> !StatusDraft.isTrue(condition))
                .ifPresent(condition -> draft.failure(condition.reason(), condition.message()));
        // A user may regret them: told when they come, not at each edit.
        ignored.filter(labels -> draft.news(ConditionType.CONFIGURATION_VALID)
                        .filter(condition -> condition.message().endsWith(labels))
                        .isPresent())
                .ifPresent(labels -> draft.event(EventReason.RESERVED_LABEL_IGNORED, labels));
    }

    /** Which of the user's labels have no effect; empty when all have. */
    private static Optional<String> ignoredLabels(ClusterReport report) {
        var ignored = Labels.ignored(report.view().cluster());
        return ignored.isEmpty()
                ? Optional.empty()
                : Optional.of("spec.labels contains reserved keys, which are ignored: " + String.join(", ", ignored));
    }
}

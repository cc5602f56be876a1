package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.naming.Labels;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the spec can be carried out, and which generation of it was judged. */
final class SpecSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        Optional<Outcome.Rejected> wrong = report.rejected()
                .or(() -> report.partlyRejected().map(part -> new Outcome.Rejected(part.reason(), part.message())));
        Map<EventReason, String> warnings = warnings(report);
        draft.condition(
                ConditionType.CONFIGURATION_VALID,
                wrong.isEmpty(),
                wrong.map(Outcome.Rejected::reason).orElse(Reason.SPEC_VALID),
                wrong.map(Outcome.Rejected::message)
                        .orElseGet(() -> Stream.concat(Stream.of("the spec is valid"), warnings.values().stream())
                                .collect(Collectors.joining("; "))));
        if (!report.view().paused()) {
            draft.fields()
                    .observedGeneration(report.view().cluster().getMetadata().getGeneration());
        }
        draft.news(ConditionType.CONFIGURATION_VALID)
                .filter(condition -> !StatusDraft.isTrue(condition))
                .ifPresent(condition -> draft.failure(condition.reason(), condition.message()));
        // A user may have them on purpose: told when they come, not at each edit.
        warnings.forEach((reason, text) -> {
            if (draft.message(ConditionType.CONFIGURATION_VALID).contains(text)
                    && draft.shown(ConditionType.CONFIGURATION_VALID)
                            .filter(condition -> condition.message().contains(text))
                            .isEmpty()) {
                draft.event(reason, text);
            }
        });
    }

    /** What is valid and probably not intended. */
    private static Map<EventReason, String> warnings(ClusterReport report) {
        Map<EventReason, String> warnings = new EnumMap<>(EventReason.class);
        ignoredLabels(report).ifPresent(text -> warnings.put(EventReason.RESERVED_LABEL_IGNORED, text));
        MemoryLimit.warning(report.view().spec()).ifPresent(text -> warnings.put(EventReason.MEMORY_LIMIT_LOW, text));
        PoolerConnections.warning(report.view().spec())
                .ifPresent(text -> warnings.put(EventReason.POOLER_CONNECTIONS_HIGH, text));
        return warnings;
    }

    /** Which of the user's labels have no effect; empty when all have. */
    private static Optional<String> ignoredLabels(ClusterReport report) {
        var ignored = Labels.ignored(report.view().cluster());
        return ignored.isEmpty()
                ? Optional.empty()
                : Optional.of("spec.labels contains reserved keys, which are ignored: " + String.join(", ", ignored));
    }
}

package com.smoketurner.postgres.cluster.restore;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.RestoreSourceSpec;
import com.smoketurner.postgres.api.RestoreSpec;
import com.smoketurner.postgres.api.RestoreTargetSpec;
import com.smoketurner.postgres.api.RestoredFrom;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.RestoreReport;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the cluster was restored from. It is written once: when the restore begins, and when it is complete. */
public final class RestoreSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        RestoreSpec spec = report.view().spec().restore();
        RestoredFrom before = draft.before().restoredFrom();
        if (spec == null || (before != null && before.restoreTime() != null)) {
            return;
        }
        newest(report).ifPresent(restore -> {
            if (restore.backup() != null) {
                RestoredFrom now = begun(report, spec, restore, before);
                if (before == null) {
                    draft.event(EventReason.RESTORE_STARTED, started(now));
                }
                draft.fields()
                        .restoredFrom(
                                restore.state() == RestoreReport.State.COMPLETED
                                        ? completed(now, restore, report, draft)
                                        : now);
            }
        });
        report.outcome(Part.RESTORE, Outcome.Rejected.class)
                .filter(rejected -> !rejected.message().equals(draft.before().lastError()))
                .ifPresent(rejected -> draft.event(EventReason.RESTORE_FAILED, rejected.message()));
    }

    private static Optional<RestoreReport> newest(ClusterReport report) {
        return report.members().stream()
                .map(Member::restore)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private static RestoredFrom begun(
            ClusterReport report, RestoreSpec spec, RestoreReport restore, @Nullable RestoredFrom before) {
        RestoreSourceSpec source = spec.source().flat();
        RestoredFrom.Builder fields = before == null ? RestoredFrom.builder() : before.toBuilder();
        if (before == null) {
            fields.restoreStartedAt(time(restore.at(), report));
        }
        return fields.sourceType(source.typeOrDefault().label())
                .sourcePrefix(RestoreSettings.url(report.view(), restore.path()).orElse(null))
                .sourceCluster(source.clusterName())
                .backupName(restore.backup())
                .pitrTarget(target(spec.targetOrDefault()))
                .build();
    }

    private static RestoredFrom completed(
            RestoredFrom begun, RestoreReport restore, ClusterReport report, StatusDraft draft) {
        String reached = restore.recoveredTo() != null
                ? Conditions.time(restore.recoveredTo())
                : Objects.requireNonNullElse(restore.lsn(), "the end of the backup");
        draft.event(
                EventReason.RESTORE_COMPLETED,
                "the cluster is restored from %s to %s (WAL position %s)"
                        .formatted(begun.backupName(), reached, Objects.requireNonNullElse(restore.lsn(), "unknown")));
        if (!restore.subscriptions().isEmpty()) {
            draft.event(
                    EventReason.SUBSCRIPTIONS_DISABLED,
                    "these subscriptions of the restored data are disabled, because they would take changes from the publisher of the source: %s; enable one with ALTER SUBSCRIPTION … ENABLE"
                            .formatted(String.join(", ", restore.subscriptions())));
        }
        return begun.toBuilder()
                .restoreTime(time(restore.at(), report))
                .recoveredTo(reached)
                .build();
    }

    private static String started(RestoredFrom restored) {
        return "the cluster is being restored from %s at %s%s"
                .formatted(
                        restored.backupName(),
                        restored.sourcePrefix(),
                        restored.pitrTarget() == null ? " to the end of the archive" : ", " + restored.pitrTarget());
    }

    private static String time(@Nullable Instant at, ClusterReport report) {
        return Conditions.time(at == null ? report.view().now() : at);
    }

    /** The target in the words of the spec; null without one. */
    private static @Nullable String target(RestoreTargetSpec target) {
        Map<String, String> parts = new TreeMap<>();
        put(parts, "time", target.time());
        put(parts, "xid", target.xid());
        put(parts, "lsn", target.lsn());
        put(parts, "name", target.name());
        if (target.immediateOrDefault()) {
            parts.put("immediate", "true");
        }
        String text = parts.entrySet().stream()
                .map(part -> part.getKey().equals("time") ? part.getValue() : part.getKey() + " " + part.getValue())
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? null : text;
    }

    private static void put(Map<String, String> parts, String name, @Nullable String value) {
        if (value != null) {
            parts.put(name, value);
        }
    }
}

package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.Condition;
import com.smoketurner.postgres.api.ConditionType;
import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.StorageStatus;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.cluster.run.Volumes;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Optional;
import java.util.stream.Collectors;

/** The volumes of the members: their size, and how full they are. */
final class StorageSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        Volumes volumes = Volumes.of(report.view());
        expanded(report, draft, volumes);
        pressure(report, draft);
        String size = report.view().spec().storage().size();
        draft.fields()
                .storage(new StorageStatus(
                        size, volumes.smallest().map(Quantity::toString).orElse(null)));
        events(draft, size);
    }

    private static void expanded(ClusterReport report, StatusDraft draft, Volumes volumes) {
        Optional<Condition> shown = draft.shown(ConditionType.STORAGE_EXPANDED);
        Optional<Outcome.Unsupported> unsupported = report.outcome(Part.STORAGE, Outcome.Unsupported.class);
        if (unsupported.isPresent()) {
            condition(
                    draft, false, unsupported.get().reason(), unsupported.get().message());
        } else if (report.outcome(Part.STORAGE).isEmpty() && shown.isPresent()) {
            draft.keep(shown.get()); // Nothing was tried.
        } else if (volumes.growing().isEmpty() && !volumes.templateOutdated()) {
            condition(draft, true, Reason.STORAGE_UP_TO_DATE, "every volume has the requested size");
        } else {
            condition(draft, false, Reason.EXPANSION_IN_PROGRESS, volumes.progress());
        }
    }

    private static void condition(StatusDraft draft, boolean status, Reason reason, String message) {
        draft.condition(ConditionType.STORAGE_EXPANDED, status, reason, message);
    }

    /** With the slot that holds much of it, which its owner can drop. */
    private static String fullness(Member member) {
        String full = "%s is %d %% full".formatted(member.name(), member.storageUsed());
        return member.storageHeld() == null ? full : "%s (%s)".formatted(full, member.storageHeld());
    }

    private static void pressure(ClusterReport report, StatusDraft draft) {
        String names = report.members().stream()
                .filter(Member::storagePressure)
                .map(StorageSection::fullness)
                .collect(Collectors.joining(", "));
        draft.condition(
                ConditionType.STORAGE_PRESSURE,
                !names.isEmpty(),
                names.isEmpty() ? Reason.STORAGE_SUFFICIENT : Reason.VOLUME_ALMOST_FULL,
                names.isEmpty()
                        ? "no volume is almost full"
                        : "the volume of %s; raise spec.storage.size: a server whose volume is full stops"
                                .formatted(names));
    }

    private static void events(StatusDraft draft, String size) {
        draft.became(ConditionType.STORAGE_EXPANDED)
                .filter(condition -> draft.shown(ConditionType.STORAGE_EXPANDED).isPresent())
                .ifPresent(condition ->
                        draft.event(EventReason.STORAGE_EXPANDED, "every volume has the requested " + size));
        draft.news(ConditionType.STORAGE_EXPANDED)
                .filter(condition -> StatusDraft.has(condition, Reason.EXPANSION_NOT_SUPPORTED))
                .ifPresent(condition -> draft.event(EventReason.STORAGE_EXPANSION_NOT_SUPPORTED, condition.message()));
        draft.became(ConditionType.STORAGE_PRESSURE)
                .ifPresent(condition -> draft.event(EventReason.STORAGE_PRESSURE, condition.message()));
    }
}

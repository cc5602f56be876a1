package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.ClusterReport;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Section;
import com.smoketurner.postgres.cluster.run.StatusDraft;
import com.smoketurner.postgres.cluster.run.UpgradeReport;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How far the change to another major version is. */
public final class UpgradeSection implements Section {

    @Override
    public void write(ClusterReport report, StatusDraft draft) {
        if (report.outcome(Part.UPGRADE).isEmpty()) {
            return; // The step was not taken.
        }
        UpgradeFacts facts = UpgradeFacts.of(report.view(), report.repository());
        VersionUpgrade before = draft.before().versionUpgrade();
        VersionUpgrade after =
                UpgradePlanner.of(facts).map(UpgradePlan::upgrade).orElseGet(() -> lasting(before, facts));
        draft.fields().versionUpgrade(after);
        if (after != null) {
            events(facts, before, after, draft);
        }
    }

    /** A failure is over when the version is set back; what was completed stays to be read. */
    private static @Nullable VersionUpgrade lasting(@Nullable VersionUpgrade before, UpgradeFacts facts) {
        return before != null
                        && before.state() == VersionUpgradeState.FAILED
                        && before.from().equals(facts.wanted())
                ? null
                : before;
    }

    private static void events(
            UpgradeFacts facts, @Nullable VersionUpgrade before, VersionUpgrade after, StatusDraft draft) {
        VersionUpgradeState was = before == null || !before.id().equals(after.id()) ? null : before.state();
        String change = "from PostgreSQL %s to %s".formatted(after.from(), after.to());
        if (was == null && after.state() != VersionUpgradeState.FAILED) {
            draft.event(EventReason.VERSION_UPGRADE_STARTED, "the upgrade %s has begun".formatted(change));
            if (facts.backups().isEmpty()) {
                draft.event(
                        EventReason.NO_BACKUP_BEFORE_UPGRADE,
                        "no backup destination is configured: only the members have the data during the upgrade");
            }
        }
        if (after.state() == was) {
            return;
        }
        if (after.state() == VersionUpgradeState.STOPPING) {
            warnings(facts, after).forEach(warning -> draft.event(EventReason.VERSION_UPGRADE_WARNING, warning));
        }
        if (after.state() == VersionUpgradeState.REPLACING_REPLICAS && before != null && before.servingAt() == null) {
            draft.event(
                    EventReason.VERSION_UPGRADED,
                    "PostgreSQL %s serves; nobody could write for %s s"
                            .formatted(
                                    after.to(),
                                    Objects.requireNonNullElse(after.outageSeconds(), "an unknown number of")));
        }
        if (after.state() == VersionUpgradeState.COMPLETED) {
            draft.event(EventReason.VERSION_UPGRADE_COMPLETED, "the upgrade %s is complete".formatted(change));
        }
        if (after.state() == VersionUpgradeState.FAILED) {
            draft.event(
                    after.reason() == null ? EventReason.VERSION_UPGRADE_RETURNED : EventReason.VERSION_UPGRADE_FAILED,
                    "PostgreSQL %s serves: %s".formatted(after.from(), after.message()));
        }
    }

    private static List<String> warnings(UpgradeFacts facts, VersionUpgrade upgrade) {
        return facts.member(upgrade.member())
                .flatMap(member -> UpgradeFacts.report(member, upgrade.id()))
                .map(UpgradeReport::warnings)
                .orElse(List.of());
    }
}

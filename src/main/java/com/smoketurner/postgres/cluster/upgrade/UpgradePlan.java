package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.UpgradeReport;
import org.jspecify.annotations.Nullable;

/**
 * What is next.
 *
 * @param upgrade as it is to be shown
 * @param action what is to be done for it
 */
record UpgradePlan(VersionUpgrade upgrade, UpgradeAction action) {

    UpgradePlan {
        if (upgrade.state().over() && !(action instanceof UpgradeAction.Wait)) {
            throw new IllegalArgumentException("nothing is done any more for an upgrade that is " + upgrade.state());
        }
    }

    static UpgradePlan of(VersionUpgrade upgrade, VersionUpgradeState state, String message, UpgradeAction action) {
        return new UpgradePlan(upgrade.with(state, upgrade.member(), message, null), action);
    }

    /**
     * The end of an attempt.
     *
     * @param reason of a failure; null where it was not wanted any more
     */
    static UpgradePlan failed(VersionUpgrade upgrade, @Nullable String reason, String why) {
        return new UpgradePlan(
                upgrade.with(VersionUpgradeState.FAILED, upgrade.member(), why, reason), UpgradeAction.WAIT);
    }

    VersionUpgradeState state() {
        return upgrade.state();
    }

    String message() {
        String message = upgrade.message();
        return message == null ? "" : message;
    }

    /** The same, with what a member reports of the stop: when it began, and how many replicas have everything. */
    UpgradePlan at(UpgradeReport report) {
        return report.stoppedAt() == null
                ? this
                : new UpgradePlan(upgrade.stopped(report.stoppedAt().toString(), report.complete()), action);
    }
}

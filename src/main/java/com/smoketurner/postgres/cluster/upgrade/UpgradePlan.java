package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.UpgradeReport;

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

    VersionUpgradeState state() {
        return upgrade.state();
    }

    String message() {
        String message = upgrade.message();
        return message == null ? "" : message;
    }

    /** The same, with the time at which the server has begun to stop. */
    UpgradePlan at(UpgradeReport report) {
        return report.stoppedAt() == null
                ? this
                : new UpgradePlan(upgrade.stopped(report.stoppedAt().toString()), action);
    }
}

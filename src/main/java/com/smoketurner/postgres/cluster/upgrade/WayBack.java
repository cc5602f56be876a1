package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.UpgradeReport;
import com.smoketurner.postgres.cluster.run.UpgradeReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Back to the former version, as long as the new server is not opened.
 *
 * @param member the one whose data is converted; absent while it has no pod
 * @param report what it says of this attempt
 */
record WayBack(UpgradeFacts facts, VersionUpgrade upgrade, Optional<Member> member, Optional<UpgradeReport> report) {

    /** So long a pod may be away before the others go on without it. */
    private static final Duration MISSING = Duration.ofMinutes(5);

    private static final List<State> FAILED = List.of(State.FAILED, State.ABORTED, State.UNUSABLE);

    /**
     * Whether that is the way to go.
     *
     * @param begun the server is stopped, or about to be
     */
    boolean due(boolean begun) {
        return upgrade.state() == VersionUpgradeState.RETURNING
                || unwanted()
                || report.filter(known -> FAILED.contains(known.state())).isPresent()
                || gone()
                || (begun && disturbed());
    }

    private boolean unwanted() {
        return !facts.wanted().equals(upgrade.to());
    }

    /** Somebody has taken the pause back, or another member leads: it may have accepted rows. */
    private boolean disturbed() {
        boolean another = facts.leader()
                .filter(leader -> upgrade.member() != null && !leader.equals(upgrade.member()))
                .isPresent();
        return another || (report.filter(UpgradeReport::stopping).isPresent() && !facts.paused());
    }

    /** Whether the member whose server has stopped does not come back, and another one has all that it has. */
    private boolean gone() {
        Integer complete = upgrade.completeReplicas();
        return upgrade.awaySince() != null
                && upgrade.stoppedAt() != null
                && complete != null
                && complete > 0
                && facts.view().now().isAfter(Instant.parse(upgrade.awaySince()).plus(MISSING));
    }

    UpgradePlan plan() {
        String why = why();
        String reason = upgrade.state() == VersionUpgradeState.RETURNING
                ? upgrade.reason()
                : unwanted() ? null : Reason.VERSION_UPGRADE_FAILED.label();
        VersionUpgrade returning = upgrade.with(VersionUpgradeState.RETURNING, upgrade.member(), why, reason);
        State state = report.map(UpgradeReport::state).orElse(null);
        boolean undone = state == State.ABORTED || state == State.UNUSABLE;
        boolean nothing = state == null && !facts.paused();
        boolean absent = member.filter(Member::containerRuns).isEmpty();
        if (!undone && !nothing && !absent) {
            return new UpgradePlan(
                    returning, new UpgradeAction.Abort(member.orElseThrow().name()));
        }
        if (!undone
                && absent
                && upgrade.stoppedAt() != null
                && !gone()
                && facts.primary().isEmpty()) {
            // It may be the only one that has everything.
            return new UpgradePlan(returning, UpgradeAction.WAIT);
        }
        if (facts.paused()) {
            return new UpgradePlan(returning, new UpgradeAction.Resume());
        }
        if (facts.primary().isEmpty()) {
            return new UpgradePlan(returning, UpgradeAction.WAIT);
        }
        if (state == State.UNUSABLE
                && member.filter(known -> !known.streaming()).isPresent()) {
            return new UpgradePlan(
                    returning, new UpgradeAction.Discard(Objects.requireNonNull(upgrade.member()), upgrade.from()));
        }
        return UpgradePlan.failed(upgrade, reason, why);
    }

    private String why() {
        String known = upgrade.message();
        if (upgrade.state() == VersionUpgradeState.RETURNING && known != null) {
            return known;
        }
        if (unwanted()) {
            return "spec.version was set back to \"%s\"".formatted(upgrade.from());
        }
        if (disturbed()) {
            return "somebody has resumed Patroni, or has made another member the primary";
        }
        return report.map(UpgradeReport::message)
                .orElseGet(() -> report.isPresent()
                        ? "the upgrade was given up before the data was converted"
                        : "the pod %s was lost".formatted(upgrade.member()));
    }
}

package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.VersionUpgrade;
import com.smoketurner.postgres.api.VersionUpgradeState;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.UpgradeReport;
import com.smoketurner.postgres.cluster.run.UpgradeReport.State;
import com.smoketurner.postgres.reconcile.Conditions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is left to do when the new version serves: the replicas are copied from it, one after the other, and its statistics are
 * collected.
 */
record Replacement(UpgradeFacts facts, VersionUpgrade upgrade) {

    /** Without backups, the last replica keeps the former data for so long. */
    static final Duration KEPT = Duration.ofMinutes(10);

    Replacement(UpgradeFacts facts, VersionUpgrade upgrade) {
        this.facts = facts;
        this.upgrade = upgrade.servingAt() == null ? serving(facts, upgrade) : upgrade;
    }

    private static VersionUpgrade serving(UpgradeFacts facts, VersionUpgrade upgrade) {
        Instant stopped = upgrade.stoppedAt() == null ? null : Instant.parse(upgrade.stoppedAt());
        Instant served = facts.leadsSince()
                .filter(since -> stopped != null && since.isAfter(stopped))
                .orElse(facts.view().now());
        Long outage = stopped == null
                ? null
                : Math.ceilDiv(Duration.between(stopped, served).toMillis(), 1000L);
        return upgrade.serving(Conditions.time(served), outage);
    }

    UpgradePlan plan() {
        Optional<Member> primary = facts.primary();
        String member = Objects.requireNonNull(upgrade.member());
        Optional<UpgradeReport> report =
                facts.member(member).flatMap(known -> UpgradeFacts.report(known, upgrade.id()));
        State doing = report.map(UpgradeReport::doing).orElse(State.FINISHED);
        if (primary.isEmpty()) {
            return replacing("waiting for a primary", UpgradeAction.WAIT);
        }
        if (primary.get().name().equals(member) && statistics(doing, report)) {
            return replacing("statistics are collected", new UpgradeAction.Analyze(member));
        }
        List<Member> waiting = facts.waiting();
        // A member whose node is gone does not keep the others from being copied.
        List<String> copied = facts.view().observed().members().stream()
                .filter(other -> !waiting.contains(other) && other.containerRuns())
                .filter(other -> !UpgradeFacts.serves(other))
                .map(Member::name)
                .toList();
        if (!copied.isEmpty()) {
            return replacing(
                    "waiting for %s to be copied from the primary".formatted(String.join(", ", copied)),
                    UpgradeAction.WAIT);
        }
        if (!waiting.isEmpty()) {
            return replace(waiting);
        }
        if (facts.view().observed().ready() < facts.view().applied()) {
            return replacing("waiting for missing members", UpgradeAction.WAIT);
        }
        return switch (doing) {
            case ANALYZING -> replacing("statistics are collected", UpgradeAction.WAIT);
            case FINISHED, WAITING, ABORTED, UNUSABLE ->
                new UpgradePlan(
                        upgrade.with(
                                        VersionUpgradeState.COMPLETED,
                                        member,
                                        "all members run PostgreSQL " + upgrade.to(),
                                        null)
                                .completed(Conditions.time(facts.view().now())),
                        UpgradeAction.WAIT);
            default -> replacing("the former data is removed", new UpgradeAction.CleanUp(member));
        };
    }

    private boolean statistics(State doing, Optional<UpgradeReport> report) {
        return doing == State.READY
                || (doing == State.ANALYZING
                        && report.filter(known -> UpgradePlanner.mayHaveEnded(
                                        known, facts.view().now()))
                                .isPresent());
    }

    /** The last one keeps the former data until the new one is safe elsewhere. */
    private UpgradePlan replace(List<Member> waiting) {
        Member next = waiting.getFirst();
        Instant served = Instant.parse(Objects.requireNonNull(upgrade.servingAt()));
        boolean backups = facts.backups().isPresent();
        boolean safe =
                backups ? facts.backedUpSince(served) : facts.view().now().isAfter(served.plus(KEPT));
        if (waiting.size() == 1 && !safe) {
            return replacing(
                    "%s keeps the data of PostgreSQL %s until %s"
                            .formatted(
                                    next.name(),
                                    upgrade.from(),
                                    backups
                                            ? "there is a base backup of PostgreSQL " + upgrade.to()
                                            : Conditions.time(served.plus(KEPT))),
                    UpgradeAction.WAIT);
        }
        return replacing(
                "%s is copied from the primary".formatted(next.name()),
                new UpgradeAction.Discard(next.name(), upgrade.to()));
    }

    private UpgradePlan replacing(String message, UpgradeAction action) {
        return UpgradePlan.of(upgrade, VersionUpgradeState.REPLACING_REPLICAS, message, action);
    }
}

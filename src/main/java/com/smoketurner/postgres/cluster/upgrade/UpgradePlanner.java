package com.smoketurner.postgres.cluster.upgrade;

import com.smoketurner.postgres.api.Reason;
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
 * The next step of a change to another major version, as a function of what is requested and observed. Until the new server is
 * opened, the members with the former data decide what is the cluster's, so going back needs nothing but that they go on.
 */
final class UpgradePlanner {

    /** A backup that is not older makes another one unnecessary. */
    private static final Duration RECENT = Duration.ofHours(1);

    /** What was found out so long ago is found out again before anything stops. */
    private static final Duration STALE = Duration.ofHours(1);

    /** A job that says nothing for so long may have ended. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final UpgradeFacts facts;
    private final Instant now;

    private UpgradePlanner(UpgradeFacts facts) {
        this.facts = facts;
        this.now = facts.view().now();
    }

    /** What is next; nothing where no upgrade is requested or under way. */
    static Optional<UpgradePlan> of(UpgradeFacts facts) {
        return new UpgradePlanner(facts).plan();
    }

    private Optional<UpgradePlan> plan() {
        Optional<VersionUpgrade> going =
                facts.shown().filter(shown -> !shown.state().over()).or(this::recovered);
        if (going.isPresent()) {
            return Optional.of(goOn(going.get()));
        }
        if (!facts.asked()) {
            return Optional.empty();
        }
        Optional<VersionUpgrade> failed = facts.shown()
                .filter(shown -> shown.state() == VersionUpgradeState.FAILED
                        && shown.to().equals(facts.wanted())
                        && shown.from().equals(facts.running())
                        && shown.reason() != null);
        return Optional.of(failed.map(shown -> new UpgradePlan(shown, UpgradeAction.WAIT))
                .orElseGet(() -> prepare(begun(facts.id(), facts.running(), facts.wanted()))));
    }

    private VersionUpgrade begun(String id, String from, String to) {
        return VersionUpgrade.begun(id, from, to, facts.systemId().orElse(null), Conditions.time(now));
    }

    /** What the members tell where the status was lost while Patroni is paused. */
    private Optional<VersionUpgrade> recovered() {
        boolean lost = facts.primary().isEmpty() && facts.paused();
        return facts.inTheMiddle().filter(member -> lost).map(member -> {
            UpgradeReport report = Objects.requireNonNull(member.upgrade());
            return begun(
                            Objects.requireNonNullElse(report.id(), facts.id()),
                            Objects.requireNonNullElse(report.from(), facts.running()),
                            Objects.requireNonNullElse(report.to(), facts.wanted()))
                    .with(VersionUpgradeState.STOPPING, member.name(), "", null);
        });
    }

    private UpgradePlan goOn(VersionUpgrade shown) {
        if (facts.running().equals(shown.to()) && opened(shown)) {
            return new Replacement(facts, shown).plan();
        }
        boolean outage = shown.state().outage();
        Optional<Member> member = outage ? facts.member(shown.member()) : facts.primary();
        Optional<UpgradeReport> report = member.flatMap(known -> UpgradeFacts.report(known, shown.id()));
        VersionUpgrade upgrade = outage ? attended(shown, member) : shown;
        if (upgrade.state() == VersionUpgradeState.OPENING || opened(shown)) {
            String pause = facts.paused() ? "; Patroni is paused: run patronictl resume" : "";
            return UpgradePlan.of(
                    upgrade,
                    VersionUpgradeState.OPENING,
                    "the new server becomes the primary" + pause,
                    UpgradeAction.WAIT);
        }
        var back = new WayBack(facts, upgrade, member, report);
        if (back.due(outage)) {
            return back.plan();
        }
        return outage
                ? convert(
                        upgrade.with(upgrade.state(), member.map(Member::name).orElse(upgrade.member()), "", null),
                        member,
                        report,
                        back)
                : prepare(upgrade);
    }

    /** With the time since when its member is missing. */
    private VersionUpgrade attended(VersionUpgrade upgrade, Optional<Member> member) {
        if (member.filter(Member::containerRuns).isPresent()) {
            return upgrade.away(null);
        }
        return upgrade.awaySince() == null ? upgrade.away(Conditions.time(now)) : upgrade;
    }

    /** Whether other data than before is the cluster's. */
    private boolean opened(VersionUpgrade upgrade) {
        return facts.systemId().filter(id -> !id.equals(upgrade.formerSystem())).isPresent();
    }

    // ---- while the former version serves ----

    private UpgradePlan prepare(VersionUpgrade upgrade) {
        List<String> unsupported = facts.unsupported();
        if (!unsupported.isEmpty()) {
            return UpgradePlan.failed(
                    upgrade,
                    Reason.IN_PLACE_UPGRADE_UNSUPPORTED.label(),
                    "the image for PostgreSQL %s does not have the programs of PostgreSQL %s, which %s needs; use an image that has both"
                            .formatted(upgrade.to(), upgrade.from(), String.join(", ", unsupported)));
        }
        Optional<String> obstacle = facts.obstacle();
        if (obstacle.isPresent()) {
            return UpgradePlan.of(upgrade, VersionUpgradeState.WAITING, obstacle.get(), UpgradeAction.WAIT);
        }
        Member primary = facts.primary().orElseThrow();
        UpgradeReport report = UpgradeFacts.report(primary, upgrade.id()).orElse(null);
        VersionUpgrade here = upgrade.with(upgrade.state(), primary.name(), "", null);
        UpgradeAction check = new UpgradeAction.Check(primary.name());
        if (report == null || stale(report)) {
            return checking(here, check);
        }
        return switch (report.doing()) {
            case CHECKING -> checking(here, again(report, check));
            case CHECK_FAILED ->
                UpgradePlan.failed(
                        here,
                        Objects.requireNonNullElse(report.reason(), Reason.VERSION_UPGRADE_CHECK_FAILED.label()),
                        Objects.requireNonNullElse(report.message(), "the check gave no reason"));
            case CHECKED -> backedUp(here, report);
            default -> checking(here, check);
        };
    }

    private boolean stale(UpgradeReport report) {
        return report.state() == State.CHECKED
                && report.at() != null
                && now.isAfter(report.at().plus(STALE));
    }

    private static UpgradePlan checking(VersionUpgrade upgrade, UpgradeAction action) {
        return UpgradePlan.of(
                upgrade,
                VersionUpgradeState.CHECKING,
                "it is checked on %s whether PostgreSQL %s can take over the data"
                        .formatted(upgrade.member(), upgrade.to()),
                action);
    }

    private UpgradePlan backedUp(VersionUpgrade upgrade, UpgradeReport report) {
        boolean alone = facts.view().observed().members().size() == 1;
        if (alone && ConversionMode.of(report, 0).isEmpty()) {
            return UpgradePlan.failed(
                    upgrade,
                    Reason.VERSION_UPGRADE_CHECK_FAILED.label(),
                    "a second copy of the data does not fit on the volume, and no replica has one: raise spec.storage.size, or add a member");
        }
        Instant began = Instant.parse(Objects.requireNonNull(upgrade.startedAt()));
        if (facts.backups().isPresent() && !facts.backedUpSince(began.minus(RECENT))) {
            String error = facts.backupError()
                    .map(why -> "; the last one failed: " + why)
                    .orElse("");
            return UpgradePlan.of(
                    upgrade,
                    VersionUpgradeState.BACKING_UP,
                    "waiting for a base backup that is not older than an hour" + error,
                    UpgradeAction.WAIT);
        }
        // Noted before anything is done: a pause without that note is somebody else's.
        return UpgradePlan.of(upgrade, VersionUpgradeState.STOPPING, "Patroni is paused", UpgradeAction.WAIT);
    }

    // ---- while nobody can write ----

    private UpgradePlan convert(
            VersionUpgrade upgrade, Optional<Member> where, Optional<UpgradeReport> report, WayBack back) {
        String member = Objects.requireNonNull(upgrade.member());
        if (where.filter(Member::containerRuns).isEmpty()) {
            return upgrade.stoppedAt() == null
                    ? back.plan()
                    : converting(upgrade, UpgradeAction.WAIT); // It goes on when the pod is back.
        }
        if (report.isEmpty()) {
            return paused(upgrade);
        }
        UpgradeReport last = report.get();
        return switch (last.doing()) {
            case STOPPING ->
                stopping(upgrade, again(last, new UpgradeAction.Stop(member))).at(last);
            case STOPPED -> converting(upgrade, convertAction(member, last)).at(last);
            case CONVERTING, INSPECTING ->
                converting(upgrade, again(last, convertAction(member, last))).at(last);
            case READY ->
                UpgradePlan.of(
                                upgrade,
                                VersionUpgradeState.CONVERTING,
                                "the converted server on %s is opened".formatted(member),
                                new UpgradeAction.Open(Objects.requireNonNull(last.systemIdentifier())))
                        .at(last);
            default -> paused(upgrade);
        };
    }

    private UpgradePlan paused(VersionUpgrade upgrade) {
        if (!facts.paused()) {
            return UpgradePlan.of(
                    upgrade, VersionUpgradeState.STOPPING, "Patroni is paused", new UpgradeAction.Pause());
        }
        List<String> unpaused = facts.unpaused();
        return unpaused.isEmpty()
                ? stopping(upgrade, new UpgradeAction.Stop(Objects.requireNonNull(upgrade.member())))
                : UpgradePlan.of(
                        upgrade,
                        VersionUpgradeState.STOPPING,
                        "waiting until %s know that Patroni is paused".formatted(String.join(", ", unpaused)),
                        UpgradeAction.WAIT);
    }

    private UpgradeAction again(UpgradeReport report, UpgradeAction action) {
        return mayHaveEnded(report, now) ? action : UpgradeAction.WAIT;
    }

    /**
     * Whether a job is to be requested again: its container was ended, or it has said nothing for a while. A job that was ended
     * alone tells nobody, and one that runs refuses the request.
     */
    static boolean mayHaveEnded(UpgradeReport report, Instant now) {
        return report.state() == State.INTERRUPTED
                || report.at() == null
                || now.isAfter(report.at().plus(QUIET));
    }

    private static UpgradeAction convertAction(String member, UpgradeReport report) {
        return new UpgradeAction.Convert(member, Objects.requireNonNullElse(report.lsn(), "0/0"));
    }

    private static UpgradePlan stopping(VersionUpgrade upgrade, UpgradeAction action) {
        return UpgradePlan.of(
                upgrade, VersionUpgradeState.STOPPING, "the server of %s stops".formatted(upgrade.member()), action);
    }

    private static UpgradePlan converting(VersionUpgrade upgrade, UpgradeAction action) {
        return UpgradePlan.of(
                upgrade,
                VersionUpgradeState.CONVERTING,
                "the data of %s is converted to PostgreSQL %s".formatted(upgrade.member(), upgrade.to()),
                action);
    }
}

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
import org.jspecify.annotations.Nullable;

/**
 * The next step of a change to another major version, as a function of what is asked for and observed. Until the new server is
 * opened, the members with the former data decide what is the cluster's, so going back needs nothing but that they go on.
 */
final class UpgradePlanner {

    /** A backup that is not older makes another one unnecessary. */
    private static final Duration RECENT = Duration.ofHours(1);

    /** What was found out so long ago is found out again before anything stops. */
    private static final Duration STALE = Duration.ofHours(1);

    /** Without backups, the last replica keeps the former data for so long. */
    static final Duration KEPT = Duration.ofMinutes(10);

    /** So long a pod may be away before the others go on without it. */
    private static final Duration MISSING = Duration.ofMinutes(5);

    private final UpgradeFacts facts;
    private final Instant now;

    private UpgradePlanner(UpgradeFacts facts) {
        this.facts = facts;
        this.now = facts.view().now();
    }

    /** What is next; nothing where no upgrade is asked for or under way. */
    static Optional<UpgradePlan> of(UpgradeFacts facts) {
        return new UpgradePlanner(facts).plan();
    }

    private Optional<UpgradePlan> plan() {
        Optional<VersionUpgrade> going =
                facts.shown().filter(shown -> !shown.state().over());
        if (going.isPresent()) {
            return Optional.of(goOn(going.get()));
        }
        if (!facts.asked()) {
            return Optional.empty();
        }
        Optional<VersionUpgrade> failed = facts.shown()
                .filter(shown -> shown.state() == VersionUpgradeState.FAILED
                        && shown.to().equals(facts.wanted())
                        && shown.from().equals(facts.running()));
        return Optional.of(failed.map(shown -> new UpgradePlan(shown, UpgradeAction.WAIT))
                .orElseGet(() -> prepare(
                        VersionUpgrade.begun(facts.id(), facts.running(), facts.wanted(), Conditions.time(now)))));
    }

    private UpgradePlan goOn(VersionUpgrade upgrade) {
        if (facts.running().equals(upgrade.to())) {
            return serve(upgrade.servingAt() == null ? serving(upgrade) : upgrade);
        }
        boolean outage = upgrade.state().outage();
        Optional<Member> member = outage ? facts.member(upgrade.member()) : facts.primary();
        Optional<UpgradeReport> report = member.flatMap(known -> UpgradeFacts.report(known, upgrade.id()));
        // The operator may have been ended between the pause and its note.
        boolean begun = outage
                || (facts.paused() && report.filter(UpgradePlanner::checked).isPresent());
        if (upgrade.state() == VersionUpgradeState.OPENING || opened(report)) {
            return step(upgrade, VersionUpgradeState.OPENING, "the new server becomes the primary", UpgradeAction.WAIT);
        }
        boolean unwanted = !facts.wanted().equals(upgrade.to());
        if (upgrade.state() == VersionUpgradeState.RETURNING || unwanted || failed(report) || gone(upgrade, member)) {
            return goBack(upgrade, unwanted, member, report);
        }
        return begun
                ? convert(
                        upgrade.with(upgrade.state(), member.map(Member::name).orElse(upgrade.member()), "", null),
                        member,
                        report)
                : prepare(upgrade);
    }

    private boolean opened(Optional<UpgradeReport> report) {
        return report.map(UpgradeReport::systemIdentifier)
                .filter(id -> facts.systemId().filter(id::equals).isPresent())
                .isPresent();
    }

    private static boolean checked(UpgradeReport report) {
        return report.state() != State.CHECKING
                && report.state() != State.CHECK_FAILED
                && report.was() != State.CHECKING;
    }

    private static boolean failed(Optional<UpgradeReport> report) {
        return report.map(UpgradeReport::state)
                .filter(state ->
                        List.of(State.FAILED, State.ABORTED, State.UNUSABLE).contains(state))
                .isPresent();
    }

    /** Whether the member whose server has stopped does not come back. */
    private boolean gone(VersionUpgrade upgrade, Optional<Member> member) {
        Instant since = upgrade.stoppedAt() == null ? null : Instant.parse(upgrade.stoppedAt());
        return since != null
                && upgrade.state().outage()
                && member.filter(Member::containerRuns).isEmpty()
                && now.isAfter(since.plus(MISSING));
    }

    // ---- while the former version serves ----

    private UpgradePlan prepare(VersionUpgrade upgrade) {
        Optional<String> obstacle = facts.obstacle();
        if (obstacle.isPresent()) {
            return step(upgrade, VersionUpgradeState.WAITING, obstacle.get(), UpgradeAction.WAIT);
        }
        Member primary = facts.primary().orElseThrow();
        UpgradeReport report = UpgradeFacts.report(primary, upgrade.id()).orElse(null);
        VersionUpgrade here = upgrade.with(upgrade.state(), primary.name(), "", null);
        if (report == null
                || (report.was() == State.CHECKING && report.state() == State.INTERRUPTED)
                || stale(report)) {
            return checking(here, new UpgradeAction.Check(primary.name()));
        }
        return switch (report.state()) {
            case CHECKING -> checking(here, UpgradeAction.WAIT);
            case CHECK_FAILED ->
                failure(
                        here,
                        Objects.requireNonNullElse(report.reason(), Reason.VERSION_UPGRADE_CHECK_FAILED.label()),
                        Objects.requireNonNullElse(report.message(), "the check gave no reason"));
            default -> backedUp(here);
        };
    }

    private boolean stale(UpgradeReport report) {
        return report.state() == State.CHECKED
                && report.at() != null
                && now.isAfter(report.at().plus(STALE));
    }

    private static UpgradePlan checking(VersionUpgrade upgrade, UpgradeAction action) {
        return step(
                upgrade,
                VersionUpgradeState.CHECKING,
                "it is checked on %s whether PostgreSQL %s can take over the data"
                        .formatted(upgrade.member(), upgrade.to()),
                action);
    }

    private UpgradePlan backedUp(VersionUpgrade upgrade) {
        Instant began = Instant.parse(Objects.requireNonNull(upgrade.startedAt()));
        if (facts.backups().isPresent() && !facts.backedUpSince(began.minus(RECENT))) {
            String error = facts.backupError()
                    .map(why -> "; the last one failed: " + why)
                    .orElse("");
            return step(
                    upgrade,
                    VersionUpgradeState.BACKING_UP,
                    "waiting for a base backup that is not older than an hour" + error,
                    UpgradeAction.WAIT);
        }
        return step(upgrade, VersionUpgradeState.STOPPING, "Patroni is paused", new UpgradeAction.Pause());
    }

    // ---- while nobody can write ----

    private UpgradePlan convert(VersionUpgrade upgrade, Optional<Member> where, Optional<UpgradeReport> report) {
        String member = Objects.requireNonNull(upgrade.member());
        State state = report.map(UpgradeReport::state).orElse(State.CHECKED);
        State doing = state == State.INTERRUPTED ? report.orElseThrow().was() : state;
        boolean interrupted = state == State.INTERRUPTED;
        return switch (Objects.requireNonNullElse(doing, State.CHECKED)) {
            case STOPPING ->
                stopping(upgrade, interrupted ? new UpgradeAction.Stop(member) : UpgradeAction.WAIT)
                        .at(report.orElseThrow());
            case STOPPED ->
                converting(upgrade, convertAction(member, report.orElseThrow())).at(report.orElseThrow());
            case CONVERTING, INSPECTING ->
                converting(upgrade, interrupted ? convertAction(member, report.orElseThrow()) : UpgradeAction.WAIT)
                        .at(report.orElseThrow());
            case READY ->
                step(
                                upgrade,
                                VersionUpgradeState.CONVERTING,
                                "the converted server on %s is opened".formatted(member),
                                new UpgradeAction.Open(Objects.requireNonNull(
                                        report.orElseThrow().systemIdentifier())))
                        .at(report.orElseThrow());
            default -> {
                if (where.filter(Member::containerRuns).isEmpty()) {
                    yield upgrade.stoppedAt() == null
                            ? goBack(upgrade, false, where, report)
                            : converting(upgrade, UpgradeAction.WAIT); // It goes on when the pod is back.
                }
                if (!facts.paused()) {
                    yield step(upgrade, VersionUpgradeState.STOPPING, "Patroni is paused", new UpgradeAction.Pause());
                }
                List<String> unpaused = facts.unpaused();
                yield unpaused.isEmpty()
                        ? stopping(upgrade, new UpgradeAction.Stop(member))
                        : step(
                                upgrade,
                                VersionUpgradeState.STOPPING,
                                "waiting until %s know that Patroni is paused".formatted(String.join(", ", unpaused)),
                                UpgradeAction.WAIT);
            }
        };
    }

    private static UpgradeAction convertAction(String member, UpgradeReport report) {
        return new UpgradeAction.Convert(member, Objects.requireNonNullElse(report.lsn(), "0/0"));
    }

    private static UpgradePlan stopping(VersionUpgrade upgrade, UpgradeAction action) {
        return step(
                upgrade, VersionUpgradeState.STOPPING, "the server of %s stops".formatted(upgrade.member()), action);
    }

    private static UpgradePlan converting(VersionUpgrade upgrade, UpgradeAction action) {
        return step(
                upgrade,
                VersionUpgradeState.CONVERTING,
                "the data of %s is converted to PostgreSQL %s".formatted(upgrade.member(), upgrade.to()),
                action);
    }

    // ---- back to the former version ----

    private UpgradePlan goBack(
            VersionUpgrade upgrade, boolean unwanted, Optional<Member> member, Optional<UpgradeReport> report) {
        String why = why(upgrade, unwanted, report);
        String reason = unwanted ? null : Reason.VERSION_UPGRADE_FAILED.label();
        VersionUpgrade returning = upgrade.with(VersionUpgradeState.RETURNING, upgrade.member(), why, reason);
        State state = report.map(UpgradeReport::state).orElse(null);
        boolean undone = state == State.ABORTED || state == State.UNUSABLE;
        boolean nothing = state == null && !facts.paused();
        boolean absent = member.filter(Member::containerRuns).isEmpty();
        if (!undone && !nothing && !absent) {
            return new UpgradePlan(returning, new UpgradeAction.Abort(Objects.requireNonNull(upgrade.member())));
        }
        if (!undone && absent && upgrade.stoppedAt() != null && !gone(upgrade, member)) {
            return new UpgradePlan(returning, UpgradeAction.WAIT); // Its data may be the newest.
        }
        if (facts.paused()) {
            return new UpgradePlan(returning, new UpgradeAction.Resume());
        }
        Optional<Member> primary = facts.primary();
        if (primary.isEmpty()) {
            return new UpgradePlan(returning, UpgradeAction.WAIT);
        }
        if (state == State.UNUSABLE
                && member.filter(known -> !known.streaming()).isPresent()) {
            return new UpgradePlan(
                    returning, new UpgradeAction.Discard(Objects.requireNonNull(upgrade.member()), upgrade.from()));
        }
        return failure(upgrade, reason, why);
    }

    private static String why(VersionUpgrade upgrade, boolean unwanted, Optional<UpgradeReport> report) {
        String known = upgrade.message();
        if (upgrade.state() == VersionUpgradeState.RETURNING && known != null) {
            return known;
        }
        if (unwanted) {
            return "spec.version was set back to \"%s\"".formatted(upgrade.from());
        }
        return report.map(UpgradeReport::message)
                .orElseGet(() -> report.isPresent()
                        ? "the upgrade was given up before the data was converted"
                        : "the pod %s was lost".formatted(upgrade.member()));
    }

    private static UpgradePlan failure(VersionUpgrade upgrade, @Nullable String reason, String why) {
        return new UpgradePlan(
                upgrade.with(VersionUpgradeState.FAILED, upgrade.member(), why, reason), UpgradeAction.WAIT);
    }

    // ---- the new version serves ----

    private VersionUpgrade serving(VersionUpgrade upgrade) {
        Instant stopped = upgrade.stoppedAt() == null ? null : Instant.parse(upgrade.stoppedAt());
        Instant served = facts.leadsSince()
                .filter(since -> stopped != null && since.isAfter(stopped))
                .orElse(now);
        Long outage = stopped == null
                ? null
                : Math.ceilDiv(Duration.between(stopped, served).toMillis(), 1000L);
        return upgrade.serving(Conditions.time(served), outage);
    }

    private UpgradePlan serve(VersionUpgrade upgrade) {
        Optional<Member> primary = facts.primary();
        String member = Objects.requireNonNull(upgrade.member());
        State done = facts.member(member)
                .flatMap(known -> UpgradeFacts.report(known, upgrade.id()))
                .map(report -> report.state() == State.INTERRUPTED
                        ? Objects.requireNonNullElse(report.was(), report.state()) == State.ANALYZING
                                ? State.READY
                                : report.state()
                        : report.state())
                .orElse(State.FINISHED);
        if (primary.isEmpty()) {
            return replacing(upgrade, "waiting for a primary", UpgradeAction.WAIT);
        }
        if (done == State.READY && primary.get().name().equals(member)) {
            return replacing(upgrade, "statistics are collected", new UpgradeAction.Analyze(member));
        }
        List<Member> waiting = facts.waiting();
        List<String> away = facts.view().observed().members().stream()
                .filter(other -> !waiting.contains(other))
                .filter(other -> !other.inService() || (!other.primary() && !other.streaming()))
                .map(Member::name)
                .toList();
        if (!away.isEmpty()
                || facts.view().observed().members().size() < facts.view().applied()) {
            return replacing(
                    upgrade,
                    "waiting for %s to be copied from the primary"
                            .formatted(away.isEmpty() ? "missing members" : String.join(", ", away)),
                    UpgradeAction.WAIT);
        }
        if (!waiting.isEmpty()) {
            return replace(upgrade, waiting);
        }
        return switch (done) {
            case ANALYZING -> replacing(upgrade, "statistics are collected", UpgradeAction.WAIT);
            case FINISHED, WAITING, ABORTED, UNUSABLE ->
                new UpgradePlan(
                        upgrade.with(
                                        VersionUpgradeState.COMPLETED,
                                        member,
                                        "all members run PostgreSQL " + upgrade.to(),
                                        null)
                                .completed(Conditions.time(now)),
                        UpgradeAction.WAIT);
            default -> replacing(upgrade, "the former data is removed", new UpgradeAction.CleanUp(member));
        };
    }

    /** One after the other; the last one keeps the former data until the new one is safe elsewhere. */
    private UpgradePlan replace(VersionUpgrade upgrade, List<Member> waiting) {
        Member next = waiting.getFirst();
        Instant served = Instant.parse(Objects.requireNonNull(upgrade.servingAt()));
        boolean safe = facts.backups().isPresent() ? facts.backedUpSince(served) : now.isAfter(served.plus(KEPT));
        if (waiting.size() == 1 && !safe) {
            return replacing(
                    upgrade,
                    "%s keeps the data of PostgreSQL %s until %s"
                            .formatted(
                                    next.name(),
                                    upgrade.from(),
                                    facts.backups().isPresent()
                                            ? "there is a base backup of PostgreSQL " + upgrade.to()
                                            : Conditions.time(served.plus(KEPT))),
                    UpgradeAction.WAIT);
        }
        return replacing(
                upgrade,
                "%s is copied from the primary".formatted(next.name()),
                new UpgradeAction.Discard(next.name(), upgrade.to()));
    }

    private static UpgradePlan replacing(VersionUpgrade upgrade, String message, UpgradeAction action) {
        return step(upgrade, VersionUpgradeState.REPLACING_REPLICAS, message, action);
    }

    private static UpgradePlan step(
            VersionUpgrade upgrade, VersionUpgradeState state, String message, UpgradeAction action) {
        return new UpgradePlan(upgrade.with(state, upgrade.member(), message, null), action);
    }
}

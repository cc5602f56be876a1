package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.RestoreTargetSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a restore does, decided before a byte is fetched.
 *
 * @param backup name of the base backup that it starts from
 * @param timeline along which it recovers
 * @param kind of the recovery target: {@code time}, {@code lsn}, {@code xid}, {@code name}, {@code immediate}, or {@code latest}
 *     for all that is archived
 * @param value of the target; null for {@code immediate} and {@code latest}
 * @param inclusive whether the target itself is included
 */
public record RestorePlan(
        String backup, int timeline, String kind, @Nullable String value, boolean inclusive) {

    private static final String LATEST = "LATEST";

    /** A server that starts does not know the time zone {@code Z} yet. */
    private static final DateTimeFormatter POSTGRESQL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

    /** The object store says when WAL was archived, and the servers when it was committed. */
    private static final Duration CLOCKS = Duration.ofSeconds(30);

    private static final int SHOWN = 5;

    /**
     * Chooses backup and timeline for a target: the branch that was alive at the target, and on it the newest backup that ended
     * before; the oldest one for a transaction or a named point, whose place nobody knows. Refused with the reason where the
     * source cannot reach the target.
     *
     * @param listing of the source
     * @param major version of the cluster to create
     * @param url of the source, for messages
     */
    public static Checked<RestorePlan> of(
            RepositoryListing listing, RestoreTargetSpec target, int major, String url, Instant now) {
        if (listing.usable().isEmpty()) {
            return Checked.refused(
                    Reason.RESTORE_SOURCE_NOT_FOUND,
                    "there are no backups of PostgreSQL %d at %s".formatted(major, url));
        }
        Optional<Backup> other = listing.usable().stream()
                .filter(backup -> !backup.major().equals(Integer.toString(major)))
                .findFirst();
        if (other.isPresent()) {
            return Checked.refused(
                    Reason.RESTORE_VERSION_MISMATCH,
                    "the backups at %s are of PostgreSQL %s and spec.version is %d"
                            .formatted(url, other.get().major(), major));
        }
        return new Search(listing, new Branches(listing), target, now).plan();
    }

    /**
     * The plan as the program {@code restore} reads it.
     *
     * @param identity of the restore
     * @param restoreTimeout seconds that one WAL file may take; 0 for no limit
     * @param path in the bucket, where the backups are not at the path of the settings
     */
    public String json(String identity, int restoreTimeout, @Nullable String path) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("identity", identity)
                .put("backup", backup)
                .put("timeline", timeline)
                .put("restoreTimeout", restoreTimeout);
        if (path != null) {
            json.put("path", path);
        }
        json.putObject("target").put("kind", kind).put("value", setting()).put("inclusive", inclusive);
        return json.toString();
    }

    /** The value as a setting of PostgreSQL. */
    private @Nullable String setting() {
        return value != null && kind.equals("time") ? POSTGRESQL.format(Instant.parse(value)) : value;
    }

    /** The search for one target in one source. */
    private record Search(RepositoryListing listing, Branches branches, RestoreTargetSpec target, Instant now) {

        Checked<RestorePlan> plan() {
            if (time().filter(now::isBefore).isPresent()) {
                return unreachable("restore.target.time %s is in the future".formatted(time().get()), Optional.empty());
            }
            if (named().isPresent()) {
                return listing.backup(named().get())
                        .filter(listing::usable)
                        .map(backup -> early(backup)
                                ? from(List.of(backup), branches.endsFrom(backup))
                                : unreachable(
                                        "the backup %s ended at %s (WAL position %s), after the target"
                                                .formatted(backup.name(), backup.stopped(), backup.stop()),
                                        Optional.empty()))
                        .orElseGet(() -> Checked.refused(
                                Reason.RESTORE_BACKUP_NOT_FOUND,
                                "there is no backup %s; the newest are %s".formatted(named().get(), newest())));
            }
            return from(listing.usable(), branches.ends());
        }

        /** With one of those backups, along one of those branches. */
        private Checked<RestorePlan> from(List<Backup> backups, List<Integer> ends) {
            Integer wanted = target.timeline();
            if (wanted != null) {
                return listing.knownTimelines().contains(wanted)
                        ? along(backups, wanted)
                        : unreachable(
                                "there is no timeline %d; there are %s".formatted(wanted, listing.knownTimelines()),
                                Optional.empty());
            }
            Branches.Choice choice = time().map(time -> branches.at(ends, time))
                    .or(() -> lsn().map(lsn -> branches.at(ends, lsn)))
                    .orElseGet(() -> branches.newest(ends));
            return switch (choice) {
                case Branches.Choice.Along(int timeline) -> along(backups, timeline);
                case Branches.Choice.Several(List<Integer> timelines) ->
                    Checked.refused(
                            Reason.RESTORE_SOURCE_AMBIGUOUS,
                            ("the history of the database has several branches, on timelines %s, and nothing tells which one"
                                            + " is meant; create the cluster with one of them in restore.target.timeline")
                                    .formatted(timelines));
            };
        }

        private Checked<RestorePlan> along(List<Backup> backups, int timeline) {
            List<Backup> fit = backups.stream()
                    .filter(backup -> listing.timelines().contains(timeline, backup.timeline(), backup.stop()))
                    .toList();
            if (fit.isEmpty()) {
                return unreachable(
                        "no backup is on the way to timeline %d, but there are some on the way to %s"
                                .formatted(timeline, led(backups)),
                        Optional.empty());
            }
            List<Backup> early = fit.stream().filter(this::early).toList();
            if (early.isEmpty()) {
                return unreachable("no backup ended before the target", Optional.of(timeline));
            }
            Optional<String> late = late(timeline);
            if (late.isPresent()) {
                return unreachable(late.get(), Optional.of(timeline));
            }
            Backup backup = target.xid() != null || target.name() != null ? early.getFirst() : early.getLast();
            String kind = kind();
            boolean inclusive = target.inclusive() == null || target.inclusive();
            // All that an immediate restore replays is on the timeline of the backup.
            return Checked.accepted(new RestorePlan(
                    backup.name(),
                    kind.equals("immediate") ? backup.timeline() : timeline,
                    kind,
                    value(kind),
                    inclusive));
        }

        /** The ends that the backups lead to. */
        private List<Integer> led(List<Backup> backups) {
            return backups.stream()
                    .flatMap(backup -> branches.endsFrom(backup).stream())
                    .distinct()
                    .sorted()
                    .toList();
        }

        /** Whether the backup is consistent before the target. */
        private boolean early(Backup backup) {
            return time().filter(at -> backup.stopped().isAfter(at)).isEmpty()
                    && lsn().filter(at -> backup.stop().compareTo(at) > 0).isEmpty();
        }

        /** Why the archive ends before the target, where it is known to. */
        private Optional<String> late(int timeline) {
            boolean archived = listing.archive().containsKey(timeline);
            Optional<String> byTime = time().flatMap(time -> branches.until(timeline)
                    .filter(until -> until.plus(CLOCKS).isBefore(time))
                    .map(until ->
                            "the last WAL was archived at %s, before restore.target.time %s".formatted(until, time)));
            return byTime.or(() -> lsn().filter(lsn -> archived && lsn.compareTo(branches.lastPosition(timeline)) > 0)
                    .map(lsn -> "the archive ends at WAL position %s, before restore.target.lsn %s"
                            .formatted(branches.lastPosition(timeline), lsn)));
        }

        private Optional<Instant> time() {
            return Optional.ofNullable(target.time())
                    .map(text -> OffsetDateTime.parse(text).toInstant());
        }

        private Optional<Lsn> lsn() {
            return Optional.ofNullable(target.lsn()).map(Lsn::parse);
        }

        private Optional<String> named() {
            return Optional.ofNullable(target.backupName()).filter(name -> !name.equals(LATEST));
        }

        private String kind() {
            if (target.time() != null) {
                return "time";
            }
            if (target.lsn() != null) {
                return "lsn";
            }
            if (target.xid() != null) {
                return "xid";
            }
            if (target.name() != null) {
                return "name";
            }
            return target.immediateOrDefault() ? "immediate" : "latest";
        }

        private @Nullable String value(String kind) {
            return switch (kind) {
                case "time" -> time().map(Instant::toString).orElseThrow();
                case "lsn" -> target.lsn();
                case "xid" -> target.xid();
                case "name" -> target.name();
                default -> null;
            };
        }

        /** With the window of that timeline, or of all of the source. */
        private Checked<RestorePlan> unreachable(String why, Optional<Integer> timeline) {
            Instant start = listing.usable().stream()
                    .filter(backup -> timeline.filter(
                                    on -> !listing.timelines().contains(on, backup.timeline(), backup.stop()))
                            .isEmpty())
                    .map(Backup::stopped)
                    .findFirst()
                    .orElseThrow();
            Optional<Instant> end = timeline.map(List::of).orElseGet(branches::ends).stream()
                    .flatMap(on -> branches.until(on).stream())
                    .max(Instant::compareTo);
            return Checked.refused(
                    Reason.RESTORE_TARGET_UNREACHABLE,
                    "%s; a restore can reach each time %s"
                            .formatted(why, new RecoveryWindow(start, end.orElse(null)).text()));
        }

        private String newest() {
            return listing.usable().reversed().stream()
                    .limit(SHOWN)
                    .map(Backup::name)
                    .collect(Collectors.joining(", "));
        }
    }
}

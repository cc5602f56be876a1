package com.smoketurner.postgres.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The ends that the history of a database has, and which of them was alive when.
 *
 * <p>A promotion begins a timeline; the one before ends there, unless something goes on writing to it: a cluster was restored to
 * an earlier time, or a copy was promoted beside it by mistake. PostgreSQL itself follows the highest number, wherever that
 * leads. What tells the branches apart is when they were written.
 *
 * @param listing of the repository
 */
record Branches(RepositoryListing listing) {
    /** So long after a promotion the former primary may still archive what it had. */
    private static final Duration SETTLED = Duration.ofMinutes(5);

    /** A branch that lives is archived at least every 5 minutes; two that ended so close to each other lived at the same time. */
    private static final Duration TOGETHER = Duration.ofMinutes(10);

    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    /** Which branch is meant. */
    sealed interface Choice {
        /** The one that ends on that timeline. */
        record Along(int timeline) implements Choice {}

        /** One of several, and nothing tells which. */
        record Several(List<Integer> timelines) implements Choice {}
    }

    /** The timelines on which a branch ends. */
    List<Integer> ends() {
        return listing.knownTimelines().stream()
                .filter(timeline -> listing.timelines().origin(timeline).isPresent()
                        || written(timeline)
                        || !children(timeline).isEmpty())
                .filter(timeline -> children(timeline).isEmpty() ? !emptyBeside(timeline) : goesOn(timeline))
                .toList();
    }

    /** The ends that recovery from a backup can reach. */
    List<Integer> endsFrom(Backup backup) {
        return ends().stream()
                .filter(end -> listing.timelines().contains(end, backup.timeline(), backup.stop()))
                .toList();
    }

    /** The branch that was written last. */
    Choice newest(Collection<Integer> ends) {
        if (ends.size() == 1) {
            return along(ends);
        }
        return timed() ? lastAlive(ends, ends, LATEST) : withoutTimes(ends);
    }

    /** The branch that was alive at that time. */
    Choice at(Collection<Integer> ends, Instant time) {
        if (ends.size() == 1) {
            return along(ends);
        }
        if (!timed()) {
            return new Choice.Several(List.copyOf(ends));
        }
        var then = new TreeSet<Integer>();
        ends.forEach(end -> then.add(timelineAt(end, time)));
        List<Integer> alive = then.stream()
                .filter(timeline -> !ended(timeline).isBefore(time))
                .filter(timeline -> !replaced(timeline, ends, time))
                .toList();
        return switch (alive.size()) {
            case 0 ->
                switch (lastAlive(then, ends, time)) {
                    case Choice.Along(int timeline) -> new Choice.Along(onward(timeline));
                    case Choice.Several several -> several;
                };
            case 1 -> new Choice.Along(onward(alive.getFirst()));
            default -> new Choice.Several(alive);
        };
    }

    /** The branch that has that position: all that share the timeline there are the same up to it. */
    Choice at(Collection<Integer> ends, Lsn position) {
        List<Integer> reaching = ends.stream()
                .filter(end -> position.compareTo(lastPosition(end)) <= 0)
                .toList();
        if (reaching.isEmpty()) {
            return newest(ends);
        }
        long timelines = reaching.stream()
                .map(end -> listing.timelines().timelineAt(end, position))
                .distinct()
                .count();
        return timelines == 1 ? new Choice.Along(reaching.getLast()) : newest(reaching);
    }

    /** When the last WAL of the branch was archived; nothing when the engine does not tell. */
    Optional<Instant> until(int timeline) {
        return archived(timeline).map(ArchivedWal::until).map(until -> latest(until, ended(timeline)));
    }

    /** The position behind all that is known to be archived on the way to the end of a timeline. */
    Lsn lastPosition(int timeline) {
        return Stream.of(
                        archived(timeline).map(wal -> wal.last().end()).stream(),
                        listing.backups().stream()
                                .filter(backup -> backup.timeline() == timeline)
                                .map(Backup::stop),
                        listing.timelines().origin(timeline).map(Timelines.Fork::at).stream())
                .flatMap(positions -> positions)
                .max(Comparator.naturalOrder())
                .orElse(new Lsn(0));
    }

    private Optional<ArchivedWal> archived(int timeline) {
        return Optional.ofNullable(listing.archive().get(timeline));
    }

    private List<Integer> children(int timeline) {
        return listing.timelines().histories().keySet().stream()
                .filter(other -> listing.timelines()
                        .origin(other)
                        .filter(fork -> fork.timeline() == timeline)
                        .isPresent())
                .toList();
    }

    /** Whether a timeline was written on after every promotion that left it. */
    private boolean goesOn(int timeline) {
        Lsn left = children(timeline).stream()
                .flatMap(child -> listing.timelines().origin(child).stream())
                .map(Timelines.Fork::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        return writtenBehind(timeline, left);
    }

    private boolean written(int timeline) {
        return archived(timeline).isPresent()
                || listing.backups().stream().anyMatch(backup -> backup.timeline() == timeline);
    }

    /** Whether nothing but a history file is there of a timeline, and the one before was written on after it was left. */
    private boolean emptyBeside(int timeline) {
        return !written(timeline)
                && listing.timelines()
                        .origin(timeline)
                        .filter(fork -> writtenBehind(fork.timeline(), fork.at()))
                        .isPresent();
    }

    private boolean writtenBehind(int timeline, Lsn position) {
        return archived(timeline)
                        .filter(wal -> wal.last().start().compareTo(position) >= 0)
                        .isPresent()
                || listing.backups().stream()
                        .anyMatch(backup ->
                                backup.timeline() == timeline && backup.stop().compareTo(position) > 0);
    }

    /** From a timeline along the promotions that left it last, to an end. */
    private int onward(int timeline) {
        List<Integer> ends = ends();
        int current = timeline;
        while (!ends.contains(current)) {
            Optional<Integer> next = children(current).stream()
                    .max(Comparator.<Integer, Lsn>comparing(child -> listing.timelines()
                                    .origin(child)
                                    .orElseThrow()
                                    .at())
                            .thenComparing(Comparator.naturalOrder()));
            if (next.isEmpty()) {
                break;
            }
            current = next.get();
        }
        return current;
    }

    /** Of several timelines the one that was written last, unless another one was written beside it to the end. */
    private Choice lastAlive(Collection<Integer> timelines, Collection<Integer> ends, Instant time) {
        List<Integer> left = timelines.stream()
                .filter(timeline -> !replaced(timeline, ends, time))
                .sorted(Comparator.comparing(this::ended).thenComparing(Comparator.naturalOrder()))
                .toList();
        int last = left.getLast();
        List<Integer> beside = left.stream()
                .filter(timeline -> timeline == last
                        || (ended(timeline).isAfter(since(last))
                                && ended(timeline).plus(TOGETHER).isAfter(ended(last))))
                .toList();
        return beside.size() == 1 ? new Choice.Along(last) : new Choice.Several(beside);
    }

    /** The last time at which a timeline is known to have been written; without anything of its own it is as old as its origin. */
    private Instant ended(int timeline) {
        return Stream.concat(
                        archived(timeline).map(ArchivedWal::until).stream(),
                        listing.backups().stream()
                                .filter(backup -> backup.timeline() == timeline)
                                .map(Backup::stopped))
                .max(Comparator.naturalOrder())
                .or(() -> listing.timelines().origin(timeline).map(fork -> ended(fork.timeline())))
                .orElse(Instant.EPOCH);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Whether another end goes on from a timeline by a promotion that had happened by then, with which the timeline ended. */
    private boolean replaced(int timeline, Collection<Integer> ends, Instant time) {
        Instant until = ended(timeline);
        return ends.stream()
                .flatMap(end -> after(timeline, end).stream())
                .map(this::since)
                .anyMatch(since -> !since.isAfter(time) && !until.isAfter(since.plus(SETTLED)));
    }

    /** The timeline behind another one on the way to an end. */
    private Optional<Integer> after(int timeline, int end) {
        List<Integer> path = listing.timelines().path(end);
        int index = path.indexOf(timeline);
        return index < 0 || index + 1 == path.size() ? Optional.empty() : Optional.of(path.get(index + 1));
    }

    private int timelineAt(int end, Instant time) {
        List<Integer> path = listing.timelines().path(end);
        return path.reversed().stream()
                .filter(timeline -> !since(timeline).isAfter(time))
                .findFirst()
                .orElse(path.getFirst());
    }

    /**
     * When a timeline began; the first one of all always was. One that has nothing but its history file began between the one
     * before and the one after it.
     */
    private Instant since(int timeline) {
        if (listing.timelines().origin(timeline).isEmpty()) {
            return Instant.EPOCH;
        }
        return archived(timeline)
                .map(ArchivedWal::since)
                .or(() -> children(timeline).stream().map(this::since).min(Comparator.naturalOrder()))
                .orElseGet(() -> ended(timeline));
    }

    /** Whether the engine tells when WAL was archived. */
    private boolean timed() {
        return !listing.archive().isEmpty()
                && listing.archive().values().stream().allMatch(wal -> wal.since() != null && wal.until() != null);
    }

    /** The highest number, if it has also come farthest: both a dead branch and a new beginning would tell otherwise. */
    private Choice withoutTimes(Collection<Integer> ends) {
        int highest = ends.stream().max(Comparator.naturalOrder()).orElseThrow();
        boolean farthest = ends.stream().allMatch(end -> lastPosition(end).compareTo(lastPosition(highest)) <= 0);
        return farthest ? new Choice.Along(highest) : new Choice.Several(List.copyOf(ends));
    }

    private static Choice along(Collection<Integer> one) {
        return new Choice.Along(one.iterator().next());
    }
}

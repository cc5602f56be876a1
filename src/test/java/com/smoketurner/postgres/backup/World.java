package com.smoketurner.postgres.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A database whose history branches: failovers, restores to an earlier time, and copies that somebody promoted by mistake. What
 * lives writes and archives a segment of WAL each minute.
 */
final class World {
    private static final Instant START = Instant.parse("2026-11-29T00:00:00Z");
    private static final long SEGMENT = 16L << 20;

    /** What happens next. */
    record Event(Kind kind, int amount) {}

    enum Kind {
        RUN,
        BACKUP,
        FAILOVER,
        FAILOVER_WITH_LOSS,
        RESTORE,
        COPY
    }

    /** Where the database was at some minute. */
    record Place(int timeline, long segment) {}

    /** A timeline that was written from one minute to another. */
    private static final class Line {
        final List<Timelines.Fork> history;
        final long firstSegment;
        final int since;
        int until;
        long nextSegment;

        Line(List<Timelines.Fork> history, long segment, int minute) {
            this.history = history;
            this.firstSegment = segment;
            this.since = minute;
            this.until = minute;
            this.nextSegment = segment;
        }
    }

    private final TreeMap<Integer, Line> lines = new TreeMap<>();
    private final List<Backup> backups = new ArrayList<>();

    /** Where the database is after each minute; nothing while it is down. */
    private final TreeMap<Integer, Place> truth = new TreeMap<>();

    private final TreeSet<Integer> copies = new TreeSet<>();
    private int minute;
    private int live = 1;

    World(List<Event> events) {
        lines.put(1, new Line(List.of(), 1, 0));
        run(2);
        backup();
        events.forEach(this::happen);
        run(1);
    }

    private void happen(Event event) {
        switch (event.kind()) {
            case RUN -> run(event.amount());
            case BACKUP -> backup();
            case FAILOVER -> promote(live, line().nextSegment);
            case FAILOVER_WITH_LOSS ->
                promote(live, Math.max(line().nextSegment - event.amount(), line().firstSegment));
            case RESTORE -> {
                minute += 1 + event.amount() % 7;
                Place past = place(Math.max(2, minute - 3 * event.amount()));
                promote(past.timeline(), past.segment());
            }
            case COPY -> copy(event.amount());
        }
        run(1);
    }

    private void run(int minutes) {
        for (int i = 0; i < minutes; i++) {
            minute++;
            write(live);
            truth.put(minute, new Place(live, line().nextSegment));
        }
    }

    private void write(int timeline) {
        Line line = Objects.requireNonNull(lines.get(timeline));
        line.nextSegment++;
        line.until = minute;
    }

    private void promote(int from, long segment) {
        live = branch(from, segment);
    }

    /** A copy that lives for some minutes beside the database, which goes on. */
    private void copy(int minutes) {
        int copy = branch(live, line().nextSegment);
        copies.add(copy);
        for (int i = 0; i < minutes; i++) {
            run(1);
            write(copy);
        }
        run(20);
    }

    private int branch(int from, long segment) {
        var history = new ArrayList<>(Objects.requireNonNull(lines.get(from)).history);
        history.add(new Timelines.Fork(from, position(segment)));
        int timeline = lines.lastKey() + 1;
        lines.put(timeline, new Line(history, segment, minute));
        return timeline;
    }

    private void backup() {
        backups.add(new Backup(
                "b" + backups.size(),
                new TreeSet<>(),
                at(minute).minus(Duration.ofSeconds(30)),
                at(minute),
                live,
                position(line().nextSegment - 1),
                position(line().nextSegment),
                "16",
                "7",
                1,
                1,
                null,
                null,
                false,
                false));
    }

    private Line line() {
        return Objects.requireNonNull(lines.get(live));
    }

    /** The end of the world. */
    int now() {
        return minute;
    }

    /** Minutes at which the database was up. */
    List<Integer> minutes() {
        return List.copyOf(truth.keySet());
    }

    Place place(int at) {
        return Objects.requireNonNull(truth.floorEntry(at)).getValue();
    }

    /** Whether a copy lived around that minute, so that nothing tells which of the two is meant. */
    boolean twoLivedAround(int at) {
        return copies.stream()
                .map(copy -> Objects.requireNonNull(lines.get(copy)))
                .anyMatch(copy -> copy.since - 1 <= at && at <= copy.until + 16);
    }

    static Instant at(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }

    /** A timeline begins between two minutes. */
    private static Instant began(int timeline, Line line) {
        return timeline == 1 ? at(line.since) : at(line.since).plusSeconds(30);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    static Lsn position(long segment) {
        return new Lsn(segment * SEGMENT);
    }

    RepositoryListing listing() {
        return listing(true);
    }

    /** What an engine lists. */
    RepositoryListing listing(boolean times) {
        var histories = new TreeMap<Integer, List<Timelines.Fork>>();
        var archive = new TreeMap<Integer, ArchivedWal>();
        lines.forEach((timeline, line) -> {
            if (timeline > 1) {
                histories.put(timeline, line.history);
            }
            if (line.nextSegment > line.firstSegment) {
                archive.put(
                        timeline,
                        new ArchivedWal(
                                new WalSegment(timeline, line.firstSegment >>> 8, line.firstSegment & 0xFF),
                                new WalSegment(timeline, (line.nextSegment - 1) >>> 8, (line.nextSegment - 1) & 0xFF),
                                times ? began(timeline, line) : null,
                                times ? latest(at(line.until), began(timeline, line)) : null));
            }
        });
        return new RepositoryListing(backups, new Timelines(histories), archive, null);
    }

    @Override
    public String toString() {
        var text = new StringBuilder("now " + minute + ", live " + live);
        lines.forEach((number, line) -> text.append("%n%d since %d until %d, segments %d to %d, %s"
                .formatted(number, line.since, line.until, line.firstSegment, line.nextSegment - 1, line.history)));
        backups.forEach(backup -> text.append(
                "%n%s at %s on %d %s".formatted(backup.name(), backup.stopped(), backup.timeline(), backup.stop())));
        return text + "\n"
                + IntStream.range(0, minute)
                        .mapToObj(at -> at + "=" + truth.get(at))
                        .toList();
    }
}

package com.smoketurner.postgres.backup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A repository that a test describes: an hour of backups, one every ten minutes unless it says otherwise. */
public final class Repository {
    public static final Instant START = Instant.parse("2026-11-29T10:00:00Z");

    private final List<Backup> backups = new ArrayList<>();
    private final Map<Integer, String> histories = new TreeMap<>();
    private final TreeMap<Integer, ArchivedWal> archive = new TreeMap<>();
    private @Nullable Owner owner;

    public static Instant minute(int minutes) {
        return START.plusSeconds(60L * minutes);
    }

    /** A full backup that ended then, at a position that grows with the time. */
    public Repository full(String name, int minute, int timeline) {
        return backup(name, minute, timeline, null);
    }

    public Repository delta(String name, String base, int minute, int timeline) {
        return backup(name, minute, timeline, base);
    }

    private Repository backup(String name, int minute, int timeline, @Nullable String base) {
        backups.add(new Backup(
                name,
                new TreeSet<>(base == null ? List.of() : List.of(base)),
                minute(minute).minusSeconds(30),
                minute(minute),
                timeline,
                Lsn.parse("0/%X".formatted(0x1000000 * (minute + 1))),
                Lsn.parse("0/%X".formatted(0x1000000 * (minute + 1) + 0x100)),
                "16",
                "7",
                1000,
                4000,
                name.startsWith("manual-") ? name : "id-" + name,
                "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
                false,
                false));
        return this;
    }

    /** A promotion at a minute: the new timeline leaves the old one there. */
    public Repository promoted(int timeline, int from, int minute) {
        String before = histories.getOrDefault(from, "");
        histories.put(
                timeline,
                before + "%d\t0/%X\tno recovery target specified%n".formatted(from, 0x1000000 * (minute + 1)));
        archive.put(
                timeline,
                new ArchivedWal(
                        WalSegment.parse("%08X0000000000000001".formatted(timeline))
                                .orElseThrow(),
                        WalSegment.parse("%08X0000000000000009".formatted(timeline))
                                .orElseThrow(),
                        minute(minute),
                        minute(minute + 5)));
        return this;
    }

    public Repository owner(Owner marker) {
        owner = marker;
        return this;
    }

    public RepositoryListing listing() {
        return new RepositoryListing(backups, Timelines.parse(histories), archive, owner);
    }
}

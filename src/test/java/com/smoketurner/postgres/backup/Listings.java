package com.smoketurner.postgres.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Listings for the tests of this package. */
final class Listings {
    static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

    /** One backup of a random listing. */
    record Draw(boolean full, int hoursLater, boolean damaged, boolean permanent) {}

    private Listings() {}

    /** A full backup that took a minute. */
    static Backup full(String name, String stopped) {
        return backup(name, Set.of(), Instant.parse(stopped), 1, 0, false, false);
    }

    static Backup delta(String name, String stopped, String... needs) {
        return backup(name, Set.of(needs), Instant.parse(stopped), 1, 0, false, false);
    }

    static Backup backup(
            String name,
            Set<String> needs,
            Instant stopped,
            int timeline,
            long lsn,
            boolean damaged,
            boolean permanent) {
        return backup(name, needs, stopped, timeline, lsn, damaged, permanent, null, "uid");
    }

    static Backup backup(
            String name,
            Set<String> needs,
            Instant stopped,
            int timeline,
            long lsn,
            boolean damaged,
            boolean permanent,
            @Nullable String id,
            String cluster) {
        return new Backup(
                name,
                new TreeSet<>(needs),
                stopped.minus(Duration.ofMinutes(1)),
                stopped,
                timeline,
                new Lsn(lsn),
                new Lsn(lsn + 1),
                "16",
                "7713612556874395680",
                1000,
                4000,
                id,
                cluster,
                damaged,
                permanent);
    }

    static RepositoryListing of(Backup... backups) {
        return new RepositoryListing(List.of(backups), new Timelines(new TreeMap<>()), new TreeMap<>(), null);
    }

    /** Fulls and deltas on them up to {@link #NOW}, some damaged, few permanent. */
    static Arbitrary<RepositoryListing> arbitrary() {
        var draw = Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 60),
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.just(false)), Tuple.of(1, Arbitraries.just(true))),
                        Arbitraries.frequencyOf(
                                Tuple.of(19, Arbitraries.just(false)), Tuple.of(1, Arbitraries.just(true))))
                .as(Draw::new);
        return draw.list().ofMaxSize(15).map(Listings::listing);
    }

    private static RepositoryListing listing(List<Draw> draws) {
        int hours = draws.stream().mapToInt(Draw::hoursLater).sum();
        Instant time = NOW.minus(Duration.ofHours(hours));
        var backups = new ArrayList<Backup>();
        Set<String> chain = new TreeSet<>();
        for (var draw : draws) {
            time = time.plus(Duration.ofHours(draw.hoursLater()));
            String name = "b%02d".formatted(backups.size());
            if (draw.full() || chain.isEmpty()) {
                chain = new TreeSet<>();
            }
            backups.add(backup(name, chain, time, 1, backups.size() * 100L, draw.damaged(), draw.permanent()));
            chain = new TreeSet<>(chain);
            chain.add(name);
        }
        return of(backups.toArray(Backup[]::new));
    }
}

package com.smoketurner.postgres.backup;

import com.smoketurner.postgres.api.RetentionSpec;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which backups are kept. A full backup stays while count or age asks for it; deltas stay and go with the full backup below them.
 *
 * @param count how many of the newest full backups stay; null for no such rule
 * @param maxAge how far back a restore reaches at least: the newest full backup that is older stays, too; null for no such rule
 * @param maxAgeText the age as the spec has it
 */
public record Retention(
        @Nullable Integer count,
        @Nullable Duration maxAge,
        @Nullable String maxAgeText) {
    private static final Map<String, Duration> UNITS = Map.of(
            "h", Duration.ofHours(1), "d", Duration.ofDays(1), "w", Duration.ofDays(7), "m", Duration.ofDays(30));

    /** More than any backup is old. */
    private static final Duration EVER = Duration.ofDays(100 * 365);

    /**
     * A backup to delete.
     *
     * @param backup to delete; nothing that is kept needs it
     * @param reason why, as a clause
     */
    public record Victim(Backup backup, String reason) {}

    /** The rules of the spec; without them everything is kept. */
    public static Retention of(@Nullable RetentionSpec spec) {
        if (spec == null) {
            return new Retention(null, null, null);
        }
        return new Retention(spec.count(), spec.maxAge() == null ? null : age(spec.maxAge()), spec.maxAge());
    }

    /**
     * What is to be deleted, in an order in which nothing is deleted that a later one needs. Never the newest full backup, the
     * newest of all, one that is marked as permanent, or one that any of these needs. As many without damaged pages stay as the
     * rules ask for.
     */
    public List<Victim> victims(RepositoryListing listing, Instant now) {
        if (count == null && maxAge == null) {
            return List.of();
        }
        List<Backup> fulls = listing.usable().stream().filter(Backup::full).toList();
        List<Backup> newestFirst = fulls.reversed();
        Set<String> kept = neverDeleted(listing);
        keep(newestFirst, now, kept);
        keep(newestFirst.stream().filter(backup -> !backup.damaged()).toList(), now, kept);
        return fulls.stream()
                .filter(full -> !kept.contains(full.name()))
                .flatMap(full -> withDeltas(listing, full, kept).stream())
                .toList();
    }

    /** Adds the names of what stays by the rules. */
    private void keep(List<Backup> newestFirst, Instant now, Set<String> kept) {
        newestFirst.stream().limit(count == null ? 1 : Math.max(1, count)).forEach(full -> kept.add(full.name()));
        if (maxAge != null) {
            Instant horizon = now.minus(maxAge);
            newestFirst.stream().filter(full -> full.stopped().isAfter(horizon)).forEach(full -> kept.add(full.name()));
            newestFirst.stream()
                    .filter(full -> !full.stopped().isAfter(horizon))
                    .findFirst()
                    .ifPresent(full -> kept.add(full.name()));
        }
    }

    private static Set<String> neverDeleted(RepositoryListing listing) {
        var kept = new TreeSet<String>();
        listing.usable().stream()
                .filter(backup ->
                        backup.permanent() || backup.equals(listing.newest().orElseThrow()))
                .forEach(backup -> {
                    kept.add(backup.name());
                    kept.addAll(backup.needs());
                });
        return kept;
    }

    /** A full backup behind the deltas on it, newest first. */
    private List<Victim> withDeltas(RepositoryListing listing, Backup full, Set<String> kept) {
        var victims = new ArrayList<Victim>();
        listing.usable().reversed().stream()
                .filter(backup -> backup.needs().contains(full.name()) && !kept.contains(backup.name()))
                .forEach(delta -> victims.add(new Victim(delta, "it is a delta on " + full.name())));
        victims.add(new Victim(full, reason()));
        return Collections.unmodifiableList(victims);
    }

    private String reason() {
        var reasons = new ArrayList<String>();
        if (count != null) {
            reasons.add(
                    count == 1 ? "there is a newer full backup" : "there are %d newer full backups".formatted(count));
        }
        if (maxAge != null) {
            reasons.add("a newer one is older than %s, too".formatted(maxAgeText));
        }
        return reasons.stream().collect(Collectors.joining(", and "));
    }

    private static Duration age(String text) {
        Duration unit = UNITS.getOrDefault(text.substring(text.length() - 1), EVER);
        var number = new BigInteger(text.substring(0, text.length() - 1));
        return number.compareTo(BigInteger.valueOf(EVER.dividedBy(unit))) >= 0
                ? EVER
                : unit.multipliedBy(number.longValueExact());
    }
}

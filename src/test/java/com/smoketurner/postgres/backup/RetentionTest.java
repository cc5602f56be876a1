package com.smoketurner.postgres.backup;

import static com.smoketurner.postgres.backup.Listings.NOW;
import static com.smoketurner.postgres.backup.Listings.delta;
import static com.smoketurner.postgres.backup.Listings.full;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.RetentionSpec;
import com.smoketurner.postgres.backup.Retention.Victim;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionTest {
    private static final RepositoryListing WEEK = Listings.of(
            full("f1", "2026-11-22T00:00:00Z"),
            delta("d1", "2026-11-23T00:00:00Z", "f1"),
            delta("d2", "2026-11-24T00:00:00Z", "f1", "d1"),
            full("f2", "2026-11-25T00:00:00Z"),
            delta("d3", "2026-11-26T00:00:00Z", "f2"),
            full("f3", "2026-11-28T00:00:00Z"));

    @Test
    void withoutRulesEverythingStays() {
        assertThat(Retention.of(null).victims(WEEK, NOW)).isEmpty();
        assertThat(retention(null, null).victims(WEEK, NOW)).isEmpty();
    }

    @Test
    void countIsOfFullBackupsAndDeltasGoWithTheirBaseButBeforeIt() {
        assertThat(retention(2, null).victims(WEEK, NOW).stream()
                        .map(victim -> victim.backup().name() + ": " + victim.reason()))
                .containsExactly(
                        "d2: it is a delta on f1", "d1: it is a delta on f1", "f1: there are 2 newer full backups");
        assertThat(names(retention(1, null))).containsExactly("d2", "d1", "f1", "d3", "f2");
        assertThat(names(retention(3, null))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1h,5", "36h,5", "37h,3", "37d,0", "1w,0", "5d,0", "4d,3", "1m,0", "99999999999999w,0"})
    void ageIsAPromiseAboutTheWindow(String age, int victims) {
        assertThat(names(retention(null, age))).hasSize(victims);
    }

    @Test
    void withBothABackupStaysWhileEitherNeedsIt() {
        assertThat(names(retention(3, "1h"))).isEmpty();
        assertThat(names(retention(1, "9d"))).isEmpty();
        assertThat(retention(1, "4d").victims(WEEK, NOW).getLast().reason())
                .isEqualTo("there is a newer full backup, and a newer one is older than 4d, too");
    }

    @Test
    void damagedBackupsDoNotPushOutGoodOnes() {
        var listing = Listings.of(
                full("good", "2026-11-25T00:00:00Z"),
                Listings.backup("bad1", Set.of(), Instant.parse("2026-11-26T00:00:00Z"), 1, 0, true, false),
                Listings.backup("bad2", Set.of(), Instant.parse("2026-11-27T00:00:00Z"), 1, 0, true, false));
        assertThat(retention(1, null).victims(listing, NOW).stream()
                        .map(victim -> victim.backup().name()))
                .containsExactly("bad1");
    }

    @Test
    void theNewestBackupStaysWithItsBase() {
        var listing = Listings.of(
                full("f1", "2026-11-25T00:00:00Z"),
                full("f2", "2026-11-26T00:00:00Z"),
                delta("d1", "2026-11-27T00:00:00Z", "f1"));
        assertThat(retention(1, null).victims(listing, NOW)).isEmpty();
    }

    @Property
    void whatStaysCanBeRestored(
            @ForAll("listings") RepositoryListing before, @ForAll("retentions") Retention retention) {
        var after = after(before, retention);
        assertThat(after.usable()).isEqualTo(after.backups());
        assertThat(after.newest()).isEqualTo(before.newest());
        assertThat(after.backups())
                .containsAll(before.backups().stream().filter(Backup::permanent).toList());
    }

    @Property
    void eachDeletionLeavesARepositoryWhole(
            @ForAll("listings") RepositoryListing before, @ForAll("retentions") Retention retention) {
        var left = new TreeSet<>(before.backups().stream().map(Backup::name).collect(Collectors.toSet()));
        for (Victim victim : retention.victims(before, NOW)) {
            assertThat(left.remove(victim.backup().name())).isTrue();
            assertThat(before.backups().stream().filter(backup -> left.contains(backup.name())))
                    .allSatisfy(backup -> assertThat(left).containsAll(backup.needs()));
        }
    }

    @Property
    void neverFewerThanTheCountAndNeverNone(
            @ForAll("listings") RepositoryListing before, @ForAll("retentions") Retention retention) {
        var after = after(before, retention);
        int count = retention.count() == null ? 1 : retention.count();
        assertThat(fulls(after)).isGreaterThanOrEqualTo(Math.min(count, fulls(before)));
    }

    @Property
    void theWindowNeverShrinksBelowThePromise(
            @ForAll("listings") RepositoryListing before, @ForAll("retentions") Retention retention) {
        var after = after(before, retention);
        if (retention.maxAge() != null && !before.backups().isEmpty()) {
            Instant promise = NOW.minus(retention.maxAge());
            Instant start = good(before);
            assertThat(good(after)).isBeforeOrEqualTo(start.isAfter(promise) ? start : promise);
        }
    }

    @Property
    void doneTwiceItFindsNothing(
            @ForAll("listings") RepositoryListing before, @ForAll("retentions") Retention retention) {
        assertThat(retention.victims(after(before, retention), NOW)).isEmpty();
    }

    @Property
    void whatNoRuleNeedsGoes(@ForAll("listings") RepositoryListing before) {
        var after = after(before, retention(1, "1h"));
        if (before.backups().stream().noneMatch(backup -> backup.permanent() || backup.damaged())) {
            assertThat(fulls(after)).isLessThanOrEqualTo(2);
        }
    }

    @Provide
    Arbitrary<RepositoryListing> listings() {
        return Listings.arbitrary();
    }

    @Provide
    Arbitrary<Retention> retentions() {
        var counts = Arbitraries.integers().between(1, 4).injectNull(0.3);
        var ages =
                Arbitraries.integers().between(1, 400).map(hours -> hours + "h").injectNull(0.3);
        return Combinators.combine(counts, ages).as(RetentionTest::retention);
    }

    /** When the window starts, counting backups without damage where there are any. */
    private static Instant good(RepositoryListing listing) {
        List<Backup> good = listing.usable().stream()
                .filter(backup -> backup.full() && !backup.damaged())
                .toList();
        return (good.isEmpty() ? listing.usable() : good)
                .stream().map(Backup::stopped).min(Comparator.naturalOrder()).orElseThrow();
    }

    private static long fulls(RepositoryListing listing) {
        return listing.backups().stream().filter(Backup::full).count();
    }

    private static RepositoryListing after(RepositoryListing before, Retention retention) {
        var victims =
                retention.victims(before, NOW).stream().map(Victim::backup).toList();
        return Listings.of(before.backups().stream()
                .filter(backup -> !victims.contains(backup))
                .toArray(Backup[]::new));
    }

    private static List<String> names(Retention retention) {
        return retention.victims(WEEK, NOW).stream()
                .map(victim -> victim.backup().name())
                .toList();
    }

    private static Retention retention(@Nullable Integer count, @Nullable String maxAge) {
        return Retention.of(new RetentionSpec(count, maxAge));
    }
}

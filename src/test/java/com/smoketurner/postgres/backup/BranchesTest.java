package com.smoketurner.postgres.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.api.RestoreTargetSpec;
import com.smoketurner.postgres.backup.Checked.Accepted;
import com.smoketurner.postgres.backup.Checked.Refused;
import com.smoketurner.postgres.backup.World.Event;
import com.smoketurner.postgres.backup.World.Kind;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever happened to a database, a restore follows the branch that was alive at the target, or says that it cannot know. */
class BranchesTest {
    private static final RestoreTargetSpec LATEST =
            new RestoreTargetSpec(null, null, null, null, null, null, null, null);

    private static Event event(Kind kind, int amount) {
        return new Event(kind, amount);
    }

    private static World world(Event... events) {
        return new World(List.of(events));
    }

    private static RestoreTargetSpec time(Instant time) {
        return new RestoreTargetSpec(time.toString(), null, null, null, null, null, null, null);
    }

    private static Checked<RestorePlan> plan(World world, RestoreTargetSpec target) {
        return plan(world, world.listing(), target);
    }

    private static Checked<RestorePlan> plan(World world, RepositoryListing listing, RestoreTargetSpec target) {
        return RestorePlan.of(
                listing, target, 16, "s3://b/p", World.at(world.now()).plusSeconds(3600));
    }

    @Test
    void failoversAreFollowed() {
        var world = world(event(Kind.FAILOVER, 0), event(Kind.BACKUP, 0), event(Kind.FAILOVER, 0));
        assertThat(plan(world, LATEST)).isEqualTo(Checked.accepted(new RestorePlan("b1", 3, "latest", null, true)));
        assertThat(plan(world, world.listing(false), LATEST)).isEqualTo(plan(world, LATEST));
    }

    @Test
    void aCopyThatWasPromotedByMistakeIsNotFollowed() {
        var world = world(event(Kind.COPY, 1), event(Kind.BACKUP, 0));
        assertThat(world.listing().knownTimelines()).containsExactly(1, 2);
        assertThat(plan(world, LATEST)).isEqualTo(Checked.accepted(new RestorePlan("b1", 1, "latest", null, true)));
        assertThat(plan(world, world.listing(false), LATEST)).isEqualTo(ambiguous("[1, 2]"));
    }

    @Test
    void aCopyThatArchivedItsHistoryAloneIsNotFollowed() {
        var world = world(event(Kind.COPY, 0));
        assertThat(plan(world, LATEST)).isEqualTo(Checked.accepted(new RestorePlan("b0", 1, "latest", null, true)));
        assertThat(plan(world, world.listing(false), LATEST)).isEqualTo(plan(world, LATEST));
    }

    @Test
    void twoThatLivedAtTheTimeAreNamed() {
        var world = world(event(Kind.RUN, 5), event(Kind.COPY, 3));
        assertThat(plan(world, time(World.at(10)))).isEqualTo(ambiguous("[1, 2]"));
        var given = new RestoreTargetSpec(World.at(10).toString(), null, null, 2, null, null, null, null);
        assertThat(plan(world, given))
                .isEqualTo(Checked.accepted(
                        new RestorePlan("b0", 2, "time", World.at(10).toString(), true)));
    }

    @Test
    void anotherRestoreOfTheSameDatabaseGoesToTheBranchOfThatTime() {
        var world = world(event(Kind.RUN, 20), event(Kind.RESTORE, 5), event(Kind.RUN, 20));
        assertThat(world.place(20).timeline()).isEqualTo(1);
        assertThat(plan(world, time(World.at(20))))
                .isEqualTo(Checked.accepted(
                        new RestorePlan("b0", 1, "time", World.at(20).toString(), true)));
        assertThat(plan(world, LATEST)).isEqualTo(Checked.accepted(new RestorePlan("b0", 2, "latest", null, true)));
    }

    @Test
    void aCopyThatArchivedItsHistoryAloneIsNoBranchAfterALaterPromotionEither() {
        var world = world(event(Kind.COPY, 0), event(Kind.FAILOVER, 0));
        assertThat(new Branches(world.listing()).ends()).containsExactly(3);
    }

    @Property
    void theBranchIsThatOfTheDatabaseAtTheTime(
            @ForAll("worlds") World world, @ForAll @IntRange(min = 0, max = 1000) int choice) {
        List<Integer> minutes = world.minutes();
        int minute = minutes.get(choice % minutes.size());
        World.Place place = world.place(minute);
        switch (plan(world, time(World.at(minute)))) {
            case Accepted<RestorePlan>(RestorePlan plan) -> {
                if (!world.twoLivedAround(minute)) {
                    assertThat(contains(world, plan.timeline(), place)).isTrue();
                }
                assertNewestBefore(world, plan, World.at(minute));
            }
            case Refused<RestorePlan>(Reason reason, String message) ->
                assertThat(
                                reason == Reason.RESTORE_SOURCE_AMBIGUOUS
                                        ? world.twoLivedAround(minute)
                                        : noBackupOf(world, place, minute))
                        .as(message)
                        .isTrue();
        }
    }

    @Property
    void withoutATargetTheDatabaseItselfIsFollowed(@ForAll("worlds") World world) {
        switch (plan(world, LATEST)) {
            case Accepted<RestorePlan>(RestorePlan plan) -> {
                if (!world.twoLivedAround(world.now())) {
                    assertThat(contains(world, plan.timeline(), world.place(world.now())))
                            .isTrue();
                }
                assertNewestBefore(world, plan, World.at(world.now()));
            }
            case Refused<RestorePlan>(Reason reason, String message) ->
                assertThat(
                                reason == Reason.RESTORE_SOURCE_AMBIGUOUS
                                        ? world.twoLivedAround(world.now())
                                        : noBackupOf(world, world.place(world.now()), world.now()))
                        .as(message)
                        .isTrue();
        }
    }

    @Property
    void aPositionOfTheDatabaseIsReached(
            @ForAll("worlds") World world, @ForAll @IntRange(min = 0, max = 1000) int choice) {
        List<Integer> minutes = world.minutes();
        var place = world.place(minutes.get(choice % minutes.size()));
        var target = new RestoreTargetSpec(
                null, null, null, null, null, World.position(place.segment()).toString(), null, null);
        if (plan(world, target) instanceof Accepted<RestorePlan>(RestorePlan plan)) {
            var backup = world.listing().backup(plan.backup()).orElseThrow();
            assertThat(backup.stop()).isLessThanOrEqualTo(World.position(place.segment()));
            assertThat(new Branches(world.listing()).lastPosition(plan.timeline()))
                    .isGreaterThanOrEqualTo(World.position(place.segment()));
        }
    }

    @Property
    void withoutTimesABranchIsChosenOnlyWhereThereIsOne(
            @ForAll("worlds") World world, @ForAll @IntRange(min = 0, max = 1000) int choice) {
        List<Integer> minutes = world.minutes();
        int minute = minutes.get(choice % minutes.size());
        if (plan(world, world.listing(false), time(World.at(minute)))
                instanceof Accepted<RestorePlan>(RestorePlan plan)) {
            assertThat(contains(world, plan.timeline(), world.place(minute))).isTrue();
        }
    }

    @Provide
    Arbitrary<World> worlds() {
        var kinds = Arbitraries.of(Kind.values());
        return Combinators.combine(kinds, Arbitraries.integers().between(0, 9))
                .as(Event::new)
                .list()
                .ofMaxSize(10)
                .map(World::new);
    }

    private static boolean contains(World world, int timeline, World.Place place) {
        return world.listing().timelines().contains(timeline, place.timeline(), World.position(place.segment()));
    }

    private static void assertNewestBefore(World world, RestorePlan plan, Instant time) {
        var listing = world.listing();
        var chosen = listing.backup(plan.backup()).orElseThrow();
        assertThat(chosen.stopped()).isBeforeOrEqualTo(time);
        assertThat(listing.timelines().contains(plan.timeline(), chosen.timeline(), chosen.stop()))
                .isTrue();
        assertThat(listing.backups().stream()
                        .filter(backup -> !backup.stopped().isAfter(time))
                        .filter(backup ->
                                listing.timelines().contains(plan.timeline(), backup.timeline(), backup.stop()))
                        .map(Backup::stopped))
                .allSatisfy(stopped -> assertThat(stopped).isBeforeOrEqualTo(chosen.stopped()));
    }

    /** Whether no backup leads to a place, or the place is not archived. */
    private static boolean noBackupOf(World world, World.Place place, int minute) {
        return world.listing().backups().stream()
                .filter(backup -> !backup.stopped().isAfter(World.at(minute)))
                .noneMatch(backup ->
                        world.listing().timelines().contains(place.timeline(), backup.timeline(), backup.stop())
                                && backup.stop().compareTo(World.position(place.segment())) <= 0);
    }

    private static Checked<RestorePlan> ambiguous(String timelines) {
        return Checked.refused(
                Reason.RESTORE_SOURCE_AMBIGUOUS,
                ("the history of the database has several branches, on timelines %s, and nothing tells which one is meant;"
                                + " create the cluster with one of them in restore.target.timeline")
                        .formatted(timelines));
    }
}

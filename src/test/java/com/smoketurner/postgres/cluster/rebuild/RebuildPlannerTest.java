package com.smoketurner.postgres.cluster.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.run.BrokenSince;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RebuildPlannerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<ReplicaFault> ANY_FAULT = List.of(ReplicaFault.values());
    private static final ReplicaHealth PRIMARY =
            new ReplicaHealth("c-0", 0, true, true, false, ReplicaFault.NONE, null, 1000L, null, null);

    private static ReplicaHealth well(int ordinal) {
        return new ReplicaHealth(
                "c-" + ordinal, ordinal, false, true, false, ReplicaFault.NONE, null, 1000L, null, null);
    }

    private static ReplicaHealth broken(int ordinal, ReplicaFault fault, Duration since, @Nullable Instant rebuilt) {
        return new ReplicaHealth(
                "c-" + ordinal,
                ordinal,
                false,
                false,
                false,
                fault,
                new BrokenSince(NOW.minus(since), 500L, null),
                500L,
                null,
                rebuilt);
    }

    private static ReplicaHealth down(int ordinal) {
        return broken(ordinal, ReplicaFault.DOWN, Duration.ofMinutes(5), null);
    }

    private static ReplicaHealth cloning(int ordinal) {
        return new ReplicaHealth(
                "c-" + ordinal, ordinal, false, false, true, ReplicaFault.UNDECIDED, null, null, null, null);
    }

    private static ReplicaHealth ordered(ReplicaHealth replica, Duration since) {
        return new ReplicaHealth(
                replica.name(),
                replica.ordinal(),
                replica.primary(),
                replica.serves(),
                replica.cloning(),
                replica.fault(),
                replica.since(),
                replica.position(),
                NOW.minus(since),
                replica.rebuilt());
    }

    private static RebuildAction next(@Nullable String request, ReplicaHealth... replicas) {
        return new RebuildPlanner(List.of(replicas), true, false, request, null).next(NOW);
    }

    private static RebuildAction nextWithLog(@Nullable Long oldest, ReplicaHealth... replicas) {
        return new RebuildPlanner(List.of(replicas), true, false, null, oldest).next(NOW);
    }

    private static String orderedOf(RebuildAction care) {
        return care instanceof RebuildAction.Order order ? order.member() : "";
    }

    @Test
    void nothingIsDoneToCopiesThatAreWell() {
        assertThat(next(null, PRIMARY, well(1), well(2))).isEqualTo(RebuildAction.NOTHING);
    }

    @Test
    void itIsQuietOnlyWhileTimeAloneMakesNothingDue() {
        assertThat(quiet(null, PRIMARY, well(1), well(2))).isTrue();
        assertThat(quiet("c-1", PRIMARY, well(1))).isFalse();
        assertThat(quiet(null, PRIMARY, down(1))).isFalse();
        assertThat(quiet(null, PRIMARY, cloning(1))).isFalse();
        assertThat(quiet(null, PRIMARY, ordered(well(1), Duration.ZERO))).isFalse();
    }

    private static boolean quiet(@Nullable String request, ReplicaHealth... replicas) {
        return new RebuildPlanner(List.of(replicas), true, false, request, null).quiet();
    }

    @Test
    void oneThatDoesNotStartIsRebuiltAfterAWhile() {
        assertThat(next(null, PRIMARY, broken(1, ReplicaFault.DOWN, Duration.ofSeconds(59), null)))
                .isEqualTo(RebuildAction.NOTHING);
        assertThat(orderedOf(next(null, PRIMARY, broken(1, ReplicaFault.DOWN, Duration.ofSeconds(60), null))))
                .isEqualTo("c-1");
    }

    @Test
    void oneWithoutAFreeConnectionIsNotLost() {
        assertThat(orderedOf(next(null, PRIMARY, broken(1, ReplicaFault.SILENT, Duration.ofMinutes(5), null))))
                .isEqualTo("c-1");
        assertThat(next(null, PRIMARY, withoutConnections(ReplicaFault.SILENT))).isEqualTo(RebuildAction.NOTHING);
        assertThat(orderedOf(next(null, PRIMARY, withoutConnections(ReplicaFault.DOWN))))
                .as("it has ended since")
                .isEqualTo("c-1");
        assertThat(quiet(null, PRIMARY, withoutConnections(ReplicaFault.SILENT)))
                .isFalse();
    }

    private static ReplicaHealth withoutConnections(ReplicaFault fault) {
        var since = new BrokenSince(NOW.minusSeconds(600), 500L, "sorry, too many clients already");
        return new ReplicaHealth("c-1", 1, false, false, false, fault, since, 500L, null, null);
    }

    @Test
    void oneAtATime() {
        assertThat(orderedOf(next(null, PRIMARY, down(1), down(2)))).isEqualTo("c-1");
        assertThat(next(null, PRIMARY, cloning(1), down(2))).isEqualTo(RebuildAction.NOTHING);
        assertThat(next(null, PRIMARY, ordered(down(1), Duration.ofSeconds(5)), down(2)))
                .isEqualTo(new RebuildAction.Ask("c-1", NOW.minusSeconds(5)));
    }

    @Test
    void notWithoutAPrimaryAndNotBesideSomebodyWhoWorksByHand() {
        var replicas = List.of(down(1), down(2));
        assertThat(new RebuildPlanner(replicas, false, false, null, null).next(NOW))
                .isEqualTo(RebuildAction.NOTHING);
        assertThat(new RebuildPlanner(replicas, false, false, "c-1", null).next(NOW))
                .isEqualTo(RebuildAction.NOTHING);
        assertThat(new RebuildPlanner(replicas, true, true, null, null).next(NOW))
                .isEqualTo(RebuildAction.NOTHING);
    }

    @Test
    void byItselfOnceInSixHours() {
        Instant rebuilt = NOW.minus(Duration.ofHours(5));
        ReplicaHealth again = broken(1, ReplicaFault.DOWN, Duration.ofMinutes(5), rebuilt);
        assertThat(next(null, PRIMARY, again)).isEqualTo(RebuildAction.NOTHING);
        assertThat(orderedOf(next("c-1", PRIMARY, again))).isEqualTo("c-1");
        ReplicaHealth later = broken(1, ReplicaFault.DOWN, Duration.ofMinutes(5), NOW.minus(Duration.ofHours(7)));
        assertThat(orderedOf(next(null, PRIMARY, later))).isEqualTo("c-1");
    }

    @Test
    void aReplicaWithWalThatThePrimaryDoesNotHaveIsRebuilt() {
        ReplicaHealth ahead = detached(2000L, null);
        assertThat(orderedOf(next(null, PRIMARY, ahead))).isEqualTo("c-1");
        assertThat(orderedOf(next(null, PRIMARY, detached(1000L, null)))).isEmpty();

        String refused =
                "ERROR:  requested starting point 0/5000000 is ahead of the WAL flush position of this server 0/3000178";
        assertThat(orderedOf(next(null, PRIMARY, detached(500L, refused))))
                .as("the primary has passed it by")
                .isEqualTo("c-1");
    }

    private static ReplicaHealth detached(long position, @Nullable String cause) {
        var since = new BrokenSince(NOW.minusSeconds(90), position, cause);
        return new ReplicaHealth("c-1", 1, false, false, false, ReplicaFault.DETACHED, since, position, null, null);
    }

    @Test
    void oneThatRunsIsRebuiltOnlyIfThePrimaryLacksWhatItNeeds() {
        ReplicaHealth detached = broken(1, ReplicaFault.DETACHED, Duration.ofMinutes(5), null);
        assertThat(nextWithLog(null, PRIMARY, detached)).isEqualTo(RebuildAction.NOTHING);
        assertThat(nextWithLog(500L, PRIMARY, detached)).isEqualTo(RebuildAction.NOTHING);
        assertThat(orderedOf(nextWithLog(501L, PRIMARY, detached))).isEqualTo("c-1");
        ReplicaHealth advancing = new ReplicaHealth(
                "c-1",
                1,
                false,
                false,
                false,
                ReplicaFault.DETACHED,
                new BrokenSince(NOW.minusSeconds(600), 400L, null),
                500L,
                null,
                null);
        assertThat(nextWithLog(501L, PRIMARY, advancing)).isEqualTo(RebuildAction.NOTHING);
    }

    @Test
    void oneWhoseVolumeIsFullNeedsALargerOneAndNoOtherCopy() {
        ReplicaHealth full = broken(1, ReplicaFault.FULL, Duration.ofMinutes(5), null);
        assertThat(nextWithLog(501L, PRIMARY, full)).isEqualTo(RebuildAction.NOTHING);
        assertThat(orderedOf(next("c-1", PRIMARY, full))).isEqualTo("c-1");
    }

    @Test
    void aWishIsJudged() {
        assertThat(next("c-7", PRIMARY, well(1))).isEqualTo(new RebuildAction.RefuseWish("there is no member c-7"));
        assertThat(next("c-0", PRIMARY, well(1))).isInstanceOf(RebuildAction.RefuseWish.class);
        assertThat(orderedOf(next("c-1", PRIMARY, well(1), well(2)))).isEqualTo("c-1");
    }

    @Test
    void aReplicaInServiceIsTakenOnlyWhileAllOthersServe() {
        ReplicaHealth away = broken(2, ReplicaFault.UNDECIDED, Duration.ZERO, null);
        assertThat(next("c-1", PRIMARY, well(1), away)).isEqualTo(RebuildAction.NOTHING);
        assertThat(orderedOf(next("c-2", PRIMARY, well(1), away))).isEqualTo("c-2");
    }

    @Test
    void anOrderIsCarriedOutOnceWhateverHappens() {
        Duration little = Duration.ofSeconds(20);
        // Noted, and the operator ended before the wish was taken off.
        assertThat(next("c-1", PRIMARY, ordered(well(1), little))).isEqualTo(new RebuildAction.DropRequest());
        // Asked, and the operator ended before that was noted.
        assertThat(next(null, PRIMARY, ordered(cloning(1), little))).isEqualTo(new RebuildAction.Confirm("c-1"));
        // It became the primary before it was asked.
        ReplicaHealth leads =
                new ReplicaHealth("c-1", 1, true, true, false, ReplicaFault.NONE, null, 1L, NOW.minus(little), null);
        assertThat(next(null, leads, well(0))).isInstanceOf(RebuildAction.Lapse.class);
        assertThat(next(null, PRIMARY, ordered(down(1), Duration.ofMinutes(11))))
                .isInstanceOf(RebuildAction.Lapse.class);
    }

    /** Whatever the members are like, in whatever order they are listed. */
    @Test
    void theRulesHoldForArbitraryMembers() {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            List<ReplicaHealth> replicas = arbitrary(random);
            boolean serves = replicas.stream().anyMatch(replica -> replica.primary() && replica.serves());
            String request = random.nextInt(3) == 0 ? "c-" + random.nextInt(4) : null;
            Long oldest = random.nextBoolean() ? null : (long) random.nextInt(1000);
            RebuildAction care = new RebuildPlanner(replicas, serves, false, request, oldest).next(NOW);
            var shuffled = new ArrayList<>(replicas);
            Collections.shuffle(shuffled, random);
            assertThat(new RebuildPlanner(shuffled, serves, false, request, oldest).next(NOW))
                    .isEqualTo(care);
            if (care instanceof RebuildAction.Order order) {
                ReplicaHealth taken = named(replicas, order.member());
                assertThat(serves).isTrue();
                assertThat(taken.primary()).isFalse();
                assertThat(replicas).noneMatch(replica -> replica.cloning() || replica.ordered() != null);
                assertThat(taken.serves()).as("in service, so asked for").isIn(false, order.requested());
            }
            if (care instanceof RebuildAction.Ask ask) {
                assertThat(serves).isTrue();
                assertThat(named(replicas, ask.member()).primary()).isFalse();
                assertThat(replicas).noneMatch(ReplicaHealth::cloning);
            }
        }
    }

    private static ReplicaHealth named(List<ReplicaHealth> replicas, String name) {
        return replicas.stream()
                .filter(replica -> replica.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<ReplicaHealth> arbitrary(Random random) {
        int leader = random.nextInt(4);
        var replicas = new ArrayList<ReplicaHealth>();
        for (int i = 0; i < 3; i++) {
            boolean primary = i == leader;
            boolean cloning = !primary && random.nextInt(5) == 0;
            ReplicaFault fault = primary ? ReplicaFault.NONE : ANY_FAULT.get(random.nextInt(ANY_FAULT.size()));
            replicas.add(new ReplicaHealth(
                    "c-" + i,
                    i,
                    primary,
                    !cloning && fault == ReplicaFault.NONE && random.nextInt(4) > 0,
                    cloning,
                    fault,
                    fault == ReplicaFault.NONE
                            ? null
                            : new BrokenSince(NOW.minusSeconds(random.nextInt(600)), 300L, null),
                    (long) random.nextInt(1000),
                    random.nextInt(6) == 0 ? NOW.minusSeconds(random.nextInt(900)) : null,
                    random.nextInt(3) == 0 ? NOW.minusSeconds(random.nextInt(40_000)) : null));
        }
        return replicas;
    }
}

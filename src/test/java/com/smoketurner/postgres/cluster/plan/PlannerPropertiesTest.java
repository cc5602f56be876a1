package com.smoketurner.postgres.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.preview.RolloutSimulation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the members' states and the change: the rules of the planner hold at every step until all is done. */
class PlannerPropertiesTest {
    private static final long LAG = 1000;

    /** Any state that observation can give: members away, outdated, unsettled, without a primary, on their way out. */
    @Provide
    Arbitrary<RolloutState> anything() {
        return Arbitraries.randomValue(random -> arbitrary(random, false));
    }

    /** All serve and keep up; what differs is only what is asked for. */
    @Provide
    Arbitrary<RolloutState> steady() {
        return Arbitraries.randomValue(random -> arbitrary(random, true));
    }

    private static RolloutState arbitrary(Random random, boolean steady) {
        int applied = 1 + random.nextInt(6);
        int desired = random.nextBoolean() ? applied : 1 + random.nextInt(6);
        int primary = steady || random.nextInt(8) > 0 ? random.nextInt(applied) : -1;
        boolean lowered = random.nextInt(4) == 0;
        List<RolloutMember> members = new ArrayList<>();
        for (int ordinal = 0; ordinal < applied; ordinal++) {
            if (steady || random.nextInt(10) > 0) {
                members.add(member(random, ordinal, ordinal == primary, steady, lowered));
            }
        }
        String wanted = steady || random.nextInt(4) > 0
                ? null
                : List.of(RolloutState.ANY, "c-" + random.nextInt(6)).get(random.nextInt(2));
        int floor = random.nextBoolean() ? RolloutState.ALL_STAY : 1 + random.nextInt(6);
        return new RolloutState(
                members, applied, desired, !steady && random.nextInt(8) == 0, wanted, false, LAG, floor);
    }

    private static RolloutMember member(Random random, int ordinal, boolean primary, boolean steady, boolean lowered) {
        RequiredUpdate update = List.of(RequiredUpdate.values()).get(random.nextInt(RequiredUpdate.values().length));
        boolean well = steady || random.nextInt(3) > 0;
        Long lag = well || random.nextBoolean() ? Long.valueOf(random.nextInt((int) LAG)) : null;
        return new RolloutMember(
                "c-" + ordinal,
                ordinal,
                primary,
                well || random.nextBoolean(),
                !primary && (well || random.nextBoolean()),
                !steady && random.nextInt(10) == 0,
                well || random.nextBoolean(),
                update,
                lowered && update.disturbs(),
                steady || lag == null || random.nextInt(4) > 0 ? lag : Long.valueOf(LAG + 1),
                steady || random.nextInt(4) > 0,
                !steady && random.nextInt(6) == 0);
    }

    /** Every step on the way, with the situation in which it is taken. */
    private static void onTheWay(RolloutState start, BiConsumer<RolloutState, Action> check) {
        RolloutState at = start;
        for (Action action : RolloutSimulation.of(start).steps()) {
            check.accept(at, action);
            at = RolloutSimulation.after(at, action, Map.of());
        }
    }

    /** The member that a step takes out of service for a moment; none for a switchover, of which the others are told below. */
    private static List<RolloutMember> disturbed(RolloutState at, Action action) {
        return switch (action) {
            case Action.RestartServer(String name) -> List.of(member(at, name));
            case Action.RestartContainer(String name) -> List.of(member(at, name));
            case Action.Recreate(String name) -> List.of(member(at, name));
            case Action.Switchover switchover -> List.of(member(at, switchover.leader()));
            case Action.Scale(int members) ->
                at.members().stream()
                        .filter(member -> member.ordinal() >= members)
                        .toList();
            case Action.Done _, Action.Wait _, Action.Resize _ -> List.of();
        };
    }

    private static RolloutMember member(RolloutState at, String name) {
        return at.members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean outdated(RolloutMember member) {
        return member.update() == RequiredUpdate.RECREATE || member.update() == RequiredUpdate.RESTART_CONTAINER;
    }

    @Property
    void atMostOneIsDisturbedAndOnlyWhileAllOthersServe(@ForAll("anything") RolloutState start) {
        onTheWay(start, (at, action) -> {
            List<RolloutMember> disturbed = disturbed(at, action);
            assertThat(disturbed.stream().filter(RolloutMember::serves).count())
                    .as("%s in %s", action, at)
                    .isLessThanOrEqualTo(1);
            for (RolloutMember member : disturbed) {
                boolean broken = !member.ready() && outdated(member);
                boolean removed = action instanceof Action.Scale;
                assertThat(broken
                                || at.members().stream()
                                        .filter(other -> !other.equals(member))
                                        .filter(other -> !removed || !at.leaves(other))
                                        .allMatch(RolloutMember::serves))
                        .as("%s in %s", action, at)
                        .isTrue();
            }
        });
    }

    @Property
    void noFewerServeThanAllButOne(@ForAll("anything") RolloutState start) {
        onTheWay(start, (at, action) -> {
            List<RolloutMember> disturbed = disturbed(at, action);
            if (disturbed.stream().anyMatch(RolloutMember::serves)) {
                int allowed = Math.min(at.applied(), at.desired()) - 1;
                assertThat(at.members().stream()
                                .filter(RolloutMember::serves)
                                .filter(member -> !disturbed.contains(member))
                                .count())
                        .as("%s in %s", action, at)
                        .isGreaterThanOrEqualTo(allowed);
            }
        });
    }

    @Property
    void nothingIsTakenFromReplicasThatAreBehind(@ForAll("anything") RolloutState start) {
        onTheWay(start, (at, action) -> {
            boolean takes = disturbed(at, action).stream().anyMatch(RolloutMember::serves);
            if (takes && !(action instanceof Action.Switchover)) {
                RolloutMember taken = disturbed(at, action).getFirst();
                assertThat(at.members())
                        .as("%s in %s", action, at)
                        .filteredOn(member -> !member.primary() && !member.equals(taken) && !at.leaves(member))
                        .allMatch(member -> Objects.requireNonNullElse(member.lag(), Long.MAX_VALUE) <= LAG);
            }
        });
    }

    @Property
    void theLeadGoesOnlyToOneThatMayHaveItAndStays(@ForAll("anything") RolloutState start) {
        onTheWay(start, (at, action) -> {
            if (action instanceof Action.Switchover(String leader, String candidate, String why)) {
                assertThat(member(at, leader).primary()).isTrue();
                assertThat(member(at, candidate))
                        .as("%s in %s", action, at)
                        .matches(member ->
                                !member.primary() && member.serves() && member.mayLead() && !at.leaves(member));
            }
        });
    }

    @Property
    void replicasComeBeforeThePrimaryAndTheHighestFirst(@ForAll("anything") RolloutState start) {
        onTheWay(start, (at, action) -> {
            boolean restart = !(action instanceof Action.Scale) && !(action instanceof Action.Switchover);
            for (RolloutMember member : restart ? disturbed(at, action) : List.<RolloutMember>of()) {
                List<RolloutMember> waiting = at.members().stream()
                        .filter(other -> !other.equals(member) && !other.primary())
                        .filter(other -> other.update().disturbs())
                        .toList();
                boolean broken = !member.ready() && outdated(member);
                if (member.primary() && !broken) {
                    assertThat((member.goesFirst() && action instanceof Action.RestartServer)
                                    || (waiting.isEmpty() && at.members().size() == 1))
                            .as("%s in %s", action, at)
                            .isTrue();
                } else if (!broken) {
                    assertThat(waiting)
                            .as("%s in %s", action, at)
                            .allMatch(other -> other.ordinal() < member.ordinal());
                }
            }
        });
    }

    @Property
    void aRolloutOfASteadyClusterTakesOneSwitchoverAtMost(@ForAll("steady") RolloutState start) {
        RolloutState rollout = new RolloutState(
                start.members(), start.applied(), start.applied(), false, null, false, LAG, start.floor());
        // Where an autoscaler leaves one member alone, the primary has to come back to it.
        int back = start.floor() == 1 ? 2 : 1;
        assertThat(RolloutSimulation.of(rollout).steps().stream()
                        .filter(Action.Switchover.class::isInstance)
                        .count())
                .as("%s", RolloutSimulation.of(rollout).steps())
                .isLessThanOrEqualTo(back);
    }

    @Property
    void aSteadyClusterIsNeverWaitedForAndDisturbsEachMemberOnceOrTwice(@ForAll("steady") RolloutState start) {
        RolloutSimulation simulation = RolloutSimulation.of(start);
        assertThat(simulation.steps()).noneMatch(Action.Wait.class::isInstance);
        assertThat(simulation.ends()).as("%s", simulation).isTrue();
        for (RolloutMember member : start.members()) {
            long restarts = simulation.steps().stream()
                    .filter(step -> !(step instanceof Action.Switchover) && !(step instanceof Action.Scale))
                    .filter(step -> disturbed(start, step).contains(member))
                    .count();
            // A second time only where a lowered parameter had to come before a new container or pod, in a primary or
            // in
            // one that has become it.
            assertThat(restarts)
                    .as("%s: %s", member, simulation.steps())
                    .isLessThanOrEqualTo(member.goesFirst() ? 2 : 1);
        }
    }

    /** Without a wish for a switchover, which may be one that cannot be met; it is given up after a minute. */
    @Property
    void itAlwaysEnds(@ForAll("anything") RolloutState any) {
        RolloutState start = new RolloutState(
                any.members(),
                any.applied(),
                any.desired(),
                any.handover(),
                null,
                any.divided(),
                any.maximumLag(),
                any.floor());
        RolloutSimulation simulation = RolloutSimulation.of(start);
        assertThat(simulation.ends()).as("%s", simulation).isTrue();
        assertThat(simulation.end().unfinished()).isFalse();
    }

    @Property
    void theOrderOfTheMembersDoesNotMatter(@ForAll("anything") RolloutState start, @ForAll Random random) {
        List<RolloutMember> shuffled = new ArrayList<>(start.members());
        java.util.Collections.shuffle(shuffled, random);
        assertThat(Planner.next(new RolloutState(
                        shuffled,
                        start.applied(),
                        start.desired(),
                        start.handover(),
                        start.wanted(),
                        start.divided(),
                        start.maximumLag(),
                        start.floor())))
                .isEqualTo(Planner.next(start));
    }

    @Property
    void anAutoscalerFindsThePrimaryAmongThoseThatStay(@ForAll("steady") RolloutState start) {
        RolloutState end = RolloutSimulation.of(start).end();
        assertThat(end.primary().filter(end::exposed)).as("%s", end).isEmpty();
    }

    private static RolloutMember well(int ordinal, boolean primary, RequiredUpdate update, boolean goesFirst) {
        return new RolloutMember(
                "c-" + ordinal, ordinal, primary, true, !primary, false, true, update, goesFirst, 0L, true, false);
    }

    @Example
    void aLoweredParameterBesideANewPodRestartsThePrimaryInPlaceFirst() {
        List<RolloutMember> members = IntStream.range(0, 3)
                .mapToObj(ordinal -> well(ordinal, ordinal == 0, RequiredUpdate.RECREATE, true))
                .toList();
        assertThat(RolloutSimulation.of(new RolloutState(members, 3, 3, false, null, false, LAG))
                        .steps())
                .extracting(Action::text)
                .containsExactly(
                        "restarting the server of c-0",
                        "recreating pod c-2",
                        "recreating pod c-1",
                        "switching over from c-0 to c-1: the primary is updated last",
                        "recreating pod c-0");
    }

    @Example
    void theOnlyReplicaThatKeepsUpIsNotRemoved() {
        RolloutMember behind = new RolloutMember(
                "c-1", 1, false, true, true, false, true, RequiredUpdate.NONE, false, LAG + 1, true, false);
        List<RolloutMember> members =
                List.of(well(0, true, RequiredUpdate.NONE, false), behind, well(2, false, RequiredUpdate.NONE, false));
        assertThat(Planner.next(new RolloutState(members, 3, 2, false, null, false, LAG))
                        .text())
                .isEqualTo("waiting for c-1 to catch up");
    }
}

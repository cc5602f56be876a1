package com.smoketurner.postgres.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.cluster.preview.Simulation;
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
    Arbitrary<Situation> anything() {
        return Arbitraries.randomValue(random -> arbitrary(random, false));
    }

    /** All serve and keep up; what differs is only what is asked for. */
    @Provide
    Arbitrary<Situation> steady() {
        return Arbitraries.randomValue(random -> arbitrary(random, true));
    }

    private static Situation arbitrary(Random random, boolean steady) {
        int applied = 1 + random.nextInt(6);
        int desired = random.nextBoolean() ? applied : 1 + random.nextInt(6);
        int primary = steady || random.nextInt(8) > 0 ? random.nextInt(applied) : -1;
        boolean lowered = random.nextInt(4) == 0;
        List<Peer> peers = new ArrayList<>();
        for (int ordinal = 0; ordinal < applied; ordinal++) {
            if (steady || random.nextInt(10) > 0) {
                peers.add(peer(random, ordinal, ordinal == primary, steady, lowered));
            }
        }
        String wanted = steady || random.nextInt(4) > 0
                ? null
                : List.of(Situation.ANY, "c-" + random.nextInt(6)).get(random.nextInt(2));
        return new Situation(peers, applied, desired, !steady && random.nextInt(8) == 0, wanted, false, LAG);
    }

    private static Peer peer(Random random, int ordinal, boolean primary, boolean steady, boolean lowered) {
        Need need = List.of(Need.values()).get(random.nextInt(Need.values().length));
        boolean well = steady || random.nextInt(3) > 0;
        Long lag = well || random.nextBoolean() ? Long.valueOf(random.nextInt((int) LAG)) : null;
        return new Peer(
                "c-" + ordinal,
                ordinal,
                primary,
                well || random.nextBoolean(),
                !primary && (well || random.nextBoolean()),
                !steady && random.nextInt(10) == 0,
                well || random.nextBoolean(),
                need,
                lowered && need.disturbs(),
                steady || lag == null || random.nextInt(4) > 0 ? lag : Long.valueOf(LAG + 1),
                steady || random.nextInt(4) > 0,
                !steady && random.nextInt(6) == 0);
    }

    /** Every step on the way, with the situation in which it is taken. */
    private static void onTheWay(Situation start, BiConsumer<Situation, Action> check) {
        Situation at = start;
        for (Action action : Simulation.of(start).steps()) {
            check.accept(at, action);
            at = Simulation.after(at, action, Map.of());
        }
    }

    /** The member that a step takes out of service for a moment; none for a switchover, of which the others are told below. */
    private static List<Peer> disturbed(Situation at, Action action) {
        return switch (action) {
            case Action.RestartServer(String name) -> List.of(peer(at, name));
            case Action.RestartContainer(String name) -> List.of(peer(at, name));
            case Action.Recreate(String name) -> List.of(peer(at, name));
            case Action.Switchover switchover -> List.of(peer(at, switchover.leader()));
            case Action.Scale(int members) ->
                at.peers().stream().filter(peer -> peer.ordinal() >= members).toList();
            case Action.Done _, Action.Wait _, Action.Resize _ -> List.of();
        };
    }

    private static Peer peer(Situation at, String name) {
        return at.peers().stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static boolean outdated(Peer peer) {
        return peer.need() == Need.RECREATE || peer.need() == Need.RESTART_CONTAINER;
    }

    @Property
    void atMostOneIsDisturbedAndOnlyWhileAllOthersServe(@ForAll("anything") Situation start) {
        onTheWay(start, (at, action) -> {
            List<Peer> disturbed = disturbed(at, action);
            assertThat(disturbed.stream().filter(Peer::serves).count())
                    .as("%s in %s", action, at)
                    .isLessThanOrEqualTo(1);
            for (Peer peer : disturbed) {
                boolean broken = !peer.ready() && outdated(peer);
                boolean removed = action instanceof Action.Scale;
                assertThat(broken
                                || at.peers().stream()
                                        .filter(other -> !other.equals(peer))
                                        .filter(other -> !removed || !at.leaves(other))
                                        .allMatch(Peer::serves))
                        .as("%s in %s", action, at)
                        .isTrue();
            }
        });
    }

    @Property
    void noFewerServeThanAllButOne(@ForAll("anything") Situation start) {
        onTheWay(start, (at, action) -> {
            List<Peer> disturbed = disturbed(at, action);
            if (disturbed.stream().anyMatch(Peer::serves)) {
                int allowed = Math.min(at.applied(), at.desired()) - 1;
                assertThat(at.peers().stream()
                                .filter(Peer::serves)
                                .filter(peer -> !disturbed.contains(peer))
                                .count())
                        .as("%s in %s", action, at)
                        .isGreaterThanOrEqualTo(allowed);
            }
        });
    }

    @Property
    void nothingIsTakenFromReplicasThatAreBehind(@ForAll("anything") Situation start) {
        onTheWay(start, (at, action) -> {
            boolean takes = disturbed(at, action).stream().anyMatch(Peer::serves);
            if (takes && !(action instanceof Action.Switchover)) {
                Peer taken = disturbed(at, action).getFirst();
                assertThat(at.peers())
                        .as("%s in %s", action, at)
                        .filteredOn(peer -> !peer.primary() && !peer.equals(taken) && !at.leaves(peer))
                        .allMatch(peer -> Objects.requireNonNullElse(peer.lag(), Long.MAX_VALUE) <= LAG);
            }
        });
    }

    @Property
    void theLeadGoesOnlyToOneThatMayHaveItAndStays(@ForAll("anything") Situation start) {
        onTheWay(start, (at, action) -> {
            if (action instanceof Action.Switchover(String leader, String candidate, String why)) {
                assertThat(peer(at, leader).primary()).isTrue();
                assertThat(peer(at, candidate))
                        .as("%s in %s", action, at)
                        .matches(peer -> !peer.primary() && peer.serves() && peer.mayLead() && !at.leaves(peer));
            }
        });
    }

    @Property
    void replicasComeBeforeThePrimaryAndTheHighestFirst(@ForAll("anything") Situation start) {
        onTheWay(start, (at, action) -> {
            boolean restart = !(action instanceof Action.Scale) && !(action instanceof Action.Switchover);
            for (Peer peer : restart ? disturbed(at, action) : List.<Peer>of()) {
                List<Peer> waiting = at.peers().stream()
                        .filter(other -> !other.equals(peer) && !other.primary())
                        .filter(other -> other.need().disturbs())
                        .toList();
                boolean broken = !peer.ready() && outdated(peer);
                if (peer.primary() && !broken) {
                    assertThat((peer.goesFirst() && action instanceof Action.RestartServer)
                                    || (waiting.isEmpty() && at.peers().size() == 1))
                            .as("%s in %s", action, at)
                            .isTrue();
                } else if (!broken) {
                    assertThat(waiting).as("%s in %s", action, at).allMatch(other -> other.ordinal() < peer.ordinal());
                }
            }
        });
    }

    @Property
    void aRolloutOfASteadyClusterTakesOneSwitchoverAtMost(@ForAll("steady") Situation start) {
        Situation rollout = new Situation(start.peers(), start.applied(), start.applied(), false, null, false, LAG);
        assertThat(Simulation.of(rollout).steps().stream()
                        .filter(Action.Switchover.class::isInstance)
                        .count())
                .as("%s", Simulation.of(rollout).steps())
                .isLessThanOrEqualTo(1);
    }

    @Property
    void aSteadyClusterIsNeverWaitedForAndDisturbsEachMemberOnceOrTwice(@ForAll("steady") Situation start) {
        Simulation simulation = Simulation.of(start);
        assertThat(simulation.steps()).noneMatch(Action.Wait.class::isInstance);
        assertThat(simulation.ends()).as("%s", simulation).isTrue();
        for (Peer peer : start.peers()) {
            long restarts = simulation.steps().stream()
                    .filter(step -> !(step instanceof Action.Switchover) && !(step instanceof Action.Scale))
                    .filter(step -> disturbed(start, step).contains(peer))
                    .count();
            // A second time only where a lowered parameter had to come before a new container or pod, in a primary or
            // in
            // one that has become it.
            assertThat(restarts).as("%s: %s", peer, simulation.steps()).isLessThanOrEqualTo(peer.goesFirst() ? 2 : 1);
        }
    }

    /** Without a wish for a switchover, which may be one that cannot be met; it is given up after a minute. */
    @Property
    void itAlwaysEnds(@ForAll("anything") Situation any) {
        Situation start = new Situation(
                any.peers(), any.applied(), any.desired(), any.handover(), null, any.divided(), any.maximumLag());
        Simulation simulation = Simulation.of(start);
        assertThat(simulation.ends()).as("%s", simulation).isTrue();
        assertThat(simulation.end().unfinished()).isFalse();
    }

    @Property
    void theOrderOfTheMembersDoesNotMatter(@ForAll("anything") Situation start, @ForAll Random random) {
        List<Peer> shuffled = new ArrayList<>(start.peers());
        java.util.Collections.shuffle(shuffled, random);
        assertThat(Planner.next(new Situation(
                        shuffled,
                        start.applied(),
                        start.desired(),
                        start.handover(),
                        start.wanted(),
                        start.divided(),
                        start.maximumLag())))
                .isEqualTo(Planner.next(start));
    }

    private static Peer well(int ordinal, boolean primary, Need need, boolean goesFirst) {
        return new Peer(
                "c-" + ordinal, ordinal, primary, true, !primary, false, true, need, goesFirst, 0L, true, false);
    }

    @Example
    void aLoweredParameterBesideANewPodRestartsThePrimaryInPlaceFirst() {
        List<Peer> peers = IntStream.range(0, 3)
                .mapToObj(ordinal -> well(ordinal, ordinal == 0, Need.RECREATE, true))
                .toList();
        assertThat(Simulation.of(new Situation(peers, 3, 3, false, null, false, LAG))
                        .steps())
                .extracting(Action::text)
                .containsExactly(
                        "the server of c-0 restarts",
                        "the pod of c-2 is made anew",
                        "the pod of c-1 is made anew",
                        "c-0 hands over to c-1: it is the last to be changed",
                        "the pod of c-0 is made anew");
    }

    @Example
    void theOnlyReplicaThatKeepsUpIsNotRemoved() {
        Peer behind = new Peer("c-1", 1, false, true, true, false, true, Need.NONE, false, LAG + 1, true, false);
        List<Peer> peers = List.of(well(0, true, Need.NONE, false), behind, well(2, false, Need.NONE, false));
        assertThat(Planner.next(new Situation(peers, 3, 2, false, null, false, LAG))
                        .text())
                .isEqualTo("waiting for c-1 to catch up");
    }
}

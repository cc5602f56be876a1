package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.Need;
import com.smoketurner.postgres.cluster.plan.Peer;
import com.smoketurner.postgres.cluster.plan.Planner;
import com.smoketurner.postgres.cluster.plan.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the planner does from a situation on, if all that it asks for happens and all that it waits for comes.
 *
 * @param steps what is done, in order; a wait is the last one only if nothing that comes by itself ends it
 * @param end how it is then
 */
public record Simulation(List<Action> steps, Situation end) {

    /** Each step takes something off what is left to do; more than these can only be a circle. */
    private static final int MOST_STEPS_PER_MEMBER = 8;

    public Simulation {
        steps = List.copyOf(steps);
    }

    /** Whether everything is as asked for at the end. */
    public boolean ends() {
        return Planner.next(end).equals(Action.DONE);
    }

    /** The members that are restarted or resized, in the order in which their turn comes. */
    List<String> turns() {
        return steps.stream()
                .flatMap(step -> switch (step) {
                    case Action.RestartServer(String name) -> Stream.of(name);
                    case Action.RestartContainer(String name) -> Stream.of(name);
                    case Action.Recreate(String name) -> Stream.of(name);
                    case Action.Switchover switchover -> Stream.of(switchover.leader());
                    case Action.Resize(var names) -> names.stream();
                    case Action.Done _, Action.Wait _, Action.Scale _ -> Stream.<String>empty();
                })
                .distinct()
                .toList();
    }

    public static Simulation of(Situation now) {
        return of(now, Map.of());
    }

    /**
     * The steps from now on.
     *
     * @param afterResize what members need besides, by name, once they have been resized while they run
     */
    public static Simulation of(Situation now, Map<String, Need> afterResize) {
        List<Action> steps = new ArrayList<>();
        Situation at = now;
        int most = MOST_STEPS_PER_MEMBER * (Math.max(now.peers().size(), Math.max(now.applied(), now.desired())) + 1);
        while (steps.size() < most) {
            Action action = Planner.next(at);
            if (action.equals(Action.DONE)) {
                break;
            }
            steps.add(action);
            Situation then = after(at, action, afterResize);
            if (then.equals(at)) {
                break;
            }
            at = then;
        }
        return new Simulation(steps, at);
    }

    /** How it is once a step has been taken and has come to its end. */
    public static Situation after(Situation now, Action action, Map<String, Need> afterResize) {
        return switch (action) {
            case Action.Done() -> now;
            case Action.Wait(String text) -> healed(now);
            case Action.Scale(int members) -> scaled(now, members);
            case Action.Resize(var names) ->
                with(
                        now,
                        peer -> names.contains(peer.name()),
                        peer -> peer.needing(afterResize.getOrDefault(peer.name(), Need.NONE), peer.goesFirst()));
            case Action.RestartServer(String name) -> with(now, named(name), Simulation::serverRestarted);
            case Action.RestartContainer(String name) -> with(now, named(name), Simulation::renewed);
            case Action.Recreate(String name) -> with(now, named(name), Simulation::renewed);
            case Action.Switchover(String leader, String candidate, String why) -> led(now, leader, candidate);
        };
    }

    private static Predicate<Peer> named(String name) {
        return peer -> peer.name().equals(name);
    }

    private static Situation with(Situation now, Predicate<Peer> which, UnaryOperator<Peer> change) {
        return now.with(now.peers().stream()
                .map(peer -> which.test(peer) ? change.apply(peer) : peer)
                .toList());
    }

    /** What comes by itself: members come to serve and catch up, and a switchover that was asked for is over. */
    private static Situation healed(Situation now) {
        List<Peer> peers = Stream.concat(now.peers().stream().map(Simulation::well), joining(now, 0, now.applied()))
                .toList();
        Situation all = new Situation(
                peers, now.applied(), now.desired(), false, now.wanted(), now.divided(), now.maximumLag());
        return all.primary().isPresent() || peers.isEmpty()
                ? all
                : with(all, named(all.peers().getFirst().name()), peer -> peer.leading(true));
    }

    private static Situation scaled(Situation now, int members) {
        Stream<Peer> stay = now.peers().stream().filter(peer -> peer.ordinal() < members);
        return new Situation(
                Stream.concat(stay, joining(now, now.applied(), members)).toList(),
                members,
                now.desired(),
                now.handover(),
                now.wanted(),
                now.divided(),
                now.maximumLag());
    }

    /** A former primary starts as a replica, which puts in force what waited for a restart of its server. */
    private static Situation led(Situation now, String leader, String candidate) {
        Situation then =
                with(now, peer -> true, peer -> peer.leading(named(candidate).test(peer)));
        Situation restarted = with(then, named(leader), Simulation::serverRestarted);
        return new Situation(
                restarted.peers(),
                now.applied(),
                now.desired(),
                false,
                unlessMet(now, candidate),
                now.divided(),
                now.maximumLag());
    }

    /** The wish is taken off the cluster when it has been met. */
    private static @Nullable String unlessMet(Situation now, String leader) {
        String wanted = now.wanted();
        return Situation.ANY.equals(wanted) || leader.equals(wanted) ? null : wanted;
    }

    /** New members for the ordinals that have none. */
    private static Stream<Peer> joining(Situation now, int from, int to) {
        return IntStream.range(from, to)
                .filter(ordinal -> now.peers().stream().noneMatch(peer -> peer.ordinal() == ordinal))
                .mapToObj(ordinal -> fresh(now, ordinal));
    }

    private static Peer fresh(Situation now, int ordinal) {
        String cluster = now.peers().stream()
                .map(Peer::name)
                .map(name -> name.substring(0, name.lastIndexOf('-')))
                .findFirst()
                .orElse("member");
        return Peer.fresh(cluster + "-" + ordinal, ordinal);
    }

    private static Peer well(Peer peer) {
        // A pod that was on its way out is replaced by one of the present template.
        Peer present = peer.terminating() ? peer.needing(Need.NONE, false) : peer;
        return present.serving().caughtUp();
    }

    /** The pod or container is a new one. */
    private static Peer renewed(Peer peer) {
        return peer.needing(Need.NONE, false).serving();
    }

    private static Peer serverRestarted(Peer peer) {
        return peer.needing(peer.need() == Need.RESTART_SERVER ? Need.NONE : peer.need(), false)
                .serving();
    }
}

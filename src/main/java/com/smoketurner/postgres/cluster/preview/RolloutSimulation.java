package com.smoketurner.postgres.cluster.preview;

import com.smoketurner.postgres.cluster.plan.Action;
import com.smoketurner.postgres.cluster.plan.Planner;
import com.smoketurner.postgres.cluster.plan.RequiredUpdate;
import com.smoketurner.postgres.cluster.plan.RolloutMember;
import com.smoketurner.postgres.cluster.plan.RolloutState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the planner does from a situation on, if each step succeeds and each wait ends.
 *
 * @param steps what is done, in order; a wait is the last one only if nothing that comes by itself ends it
 * @param end how it is then
 */
public record RolloutSimulation(List<Action> steps, RolloutState end) {

    /** Each step takes something off what is left to do; more than these can only be a circle. */
    private static final int MOST_STEPS_PER_MEMBER = 8;

    public RolloutSimulation {
        steps = List.copyOf(steps);
    }

    /** Whether the spec is reached at the end. */
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

    public static RolloutSimulation of(RolloutState now) {
        return of(now, Map.of());
    }

    /**
     * The steps from now on.
     *
     * @param afterResize what members need besides, by name, once they have been resized while they run
     */
    public static RolloutSimulation of(RolloutState now, Map<String, RequiredUpdate> afterResize) {
        List<Action> steps = new ArrayList<>();
        RolloutState at = now;
        int most = MOST_STEPS_PER_MEMBER * (Math.max(now.members().size(), Math.max(now.applied(), now.desired())) + 1);
        while (steps.size() < most) {
            Action action = Planner.next(at);
            if (action.equals(Action.DONE)) {
                break;
            }
            steps.add(action);
            RolloutState then = after(at, action, afterResize);
            if (then.equals(at)) {
                break;
            }
            at = then;
        }
        return new RolloutSimulation(steps, at);
    }

    /** How it is once a step has been taken and has come to its end. */
    public static RolloutState after(RolloutState now, Action action, Map<String, RequiredUpdate> afterResize) {
        return switch (action) {
            case Action.Done() -> now;
            case Action.Wait(String text) -> healed(now);
            case Action.Scale(int members) -> scaled(now, members);
            case Action.Resize(var names) ->
                with(
                        now,
                        member -> names.contains(member.name()),
                        member -> member.withUpdate(
                                afterResize.getOrDefault(member.name(), RequiredUpdate.NONE), member.goesFirst()));
            case Action.RestartServer(String name) -> with(now, named(name), RolloutSimulation::serverRestarted);
            case Action.RestartContainer(String name) -> with(now, named(name), RolloutSimulation::renewed);
            case Action.Recreate(String name) -> with(now, named(name), RolloutSimulation::renewed);
            case Action.Switchover(String leader, String candidate, String why) -> led(now, leader, candidate);
        };
    }

    private static Predicate<RolloutMember> named(String name) {
        return member -> member.name().equals(name);
    }

    private static RolloutState with(
            RolloutState now, Predicate<RolloutMember> which, UnaryOperator<RolloutMember> change) {
        return now.with(now.members().stream()
                .map(member -> which.test(member) ? change.apply(member) : member)
                .toList());
    }

    /** What ends a wait: members return to service and catch up, and a switchover that is in progress completes. */
    private static RolloutState healed(RolloutState now) {
        List<RolloutMember> members = Stream.concat(
                        now.members().stream().map(RolloutSimulation::well), joining(now, 0, now.applied()))
                .toList();
        RolloutState all = new RolloutState(
                members,
                now.applied(),
                now.desired(),
                false,
                now.wanted(),
                now.divided(),
                now.maximumLag(),
                now.floor());
        return all.primary().isPresent() || members.isEmpty()
                ? all
                : with(all, named(all.members().getFirst().name()), member -> member.leading(true));
    }

    private static RolloutState scaled(RolloutState now, int members) {
        Stream<RolloutMember> stay = now.members().stream().filter(member -> member.ordinal() < members);
        return new RolloutState(
                Stream.concat(stay, joining(now, now.applied(), members)).toList(),
                members,
                now.desired(),
                now.handover(),
                now.wanted(),
                now.divided(),
                now.maximumLag(),
                now.floor());
    }

    /** A former primary starts as a replica, which puts in force what waited for a restart of its server. */
    private static RolloutState led(RolloutState now, String leader, String candidate) {
        RolloutState then = with(
                now, member -> true, member -> member.leading(named(candidate).test(member)));
        RolloutState restarted = with(then, named(leader), RolloutSimulation::serverRestarted);
        return new RolloutState(
                restarted.members(),
                now.applied(),
                now.desired(),
                false,
                unlessMet(now, candidate),
                now.divided(),
                now.maximumLag(),
                now.floor());
    }

    /** The request is removed from the cluster when it has been met. */
    private static @Nullable String unlessMet(RolloutState now, String leader) {
        String wanted = now.wanted();
        return RolloutState.ANY.equals(wanted) || leader.equals(wanted) ? null : wanted;
    }

    /** New members for the ordinals that have none. */
    private static Stream<RolloutMember> joining(RolloutState now, int from, int to) {
        return IntStream.range(from, to)
                .filter(ordinal -> now.members().stream().noneMatch(member -> member.ordinal() == ordinal))
                .mapToObj(ordinal -> fresh(now, ordinal));
    }

    private static RolloutMember fresh(RolloutState now, int ordinal) {
        String cluster = now.members().stream()
                .map(RolloutMember::name)
                .map(name -> name.substring(0, name.lastIndexOf('-')))
                .findFirst()
                .orElse("member");
        return RolloutMember.fresh(cluster + "-" + ordinal, ordinal);
    }

    private static RolloutMember well(RolloutMember member) {
        // A pod that was on its way out is replaced by one of the present template.
        RolloutMember present = member.terminating() ? member.withUpdate(RequiredUpdate.NONE, false) : member;
        return present.serving().caughtUp();
    }

    /** The pod or container is a new one. */
    private static RolloutMember renewed(RolloutMember member) {
        return member.withUpdate(RequiredUpdate.NONE, false).serving();
    }

    private static RolloutMember serverRestarted(RolloutMember member) {
        return member.withUpdate(
                        member.update() == RequiredUpdate.RESTART_SERVER ? RequiredUpdate.NONE : member.update(), false)
                .serving();
    }
}

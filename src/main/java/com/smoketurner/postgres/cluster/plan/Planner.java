package com.smoketurner.postgres.cluster.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The next single step towards the spec. Whatever the change is, members are disturbed by these rules:
 *
 * <ul>
 *   <li>one at a time, and only while all others are in service;
 *   <li>replicas first, from the highest ordinal down, the primary last, after a switchover to a replica that is done;
 *   <li>a member that is broken and outdated goes at once: nobody is served by it;
 *   <li>the number of members comes before all else;
 *   <li>where an autoscaler removes members, the primary returns below those in a moment in which nothing else is to be done.
 * </ul>
 */
public final class Planner {

    private final RolloutState now;

    private Planner(RolloutState now) {
        this.now = now;
    }

    /** What to do now. Asked again with the same facts it gives the same answer. */
    public static Action next(RolloutState state) {
        return new Planner(state).next();
    }

    private Action next() {
        if (now.applied() < now.desired()) {
            return new Action.Scale(now.desired()); // A new member disturbs nobody.
        }
        List<String> resizable = names(member -> member.update() == RequiredUpdate.RESIZE && !member.terminating());
        if (!resizable.isEmpty()) {
            return new Action.Resize(resizable);
        }
        if (!now.unfinished()
                && now.wanted() == null
                && now.members().stream().noneMatch(member -> mustHandOver(member) || mustReturn(member))) {
            return Action.DONE;
        }
        return broken().or(this::scaleBrokenAway).or(this::obstacle).orElseGet(this::orderly);
    }

    /** A member that is not Ready and outdated may be broken because it is: it does not wait for the others. */
    private Optional<Action> broken() {
        if (now.members().stream().anyMatch(RolloutMember::terminating)) {
            return Optional.empty();
        }
        return now.members().stream()
                .filter(member -> !member.ready())
                .filter(member -> member.update() == RequiredUpdate.RECREATE
                        || member.update() == RequiredUpdate.RESTART_CONTAINER)
                .max(Comparator.comparingInt(RolloutMember::ordinal))
                .map(Planner::act);
    }

    /** Members that are to go anyway need not serve before they do. */
    private Optional<Action> scaleBrokenAway() {
        List<RolloutMember> away = now.members().stream()
                .filter(Predicate.not(RolloutMember::serves))
                .toList();
        boolean may = now.applied() > now.desired()
                && !now.handover()
                && !away.isEmpty()
                && away.stream().allMatch(member -> now.leaves(member) && !member.terminating() && !member.primary())
                && now.primary().filter(primary -> !now.leaves(primary)).isPresent()
                && now.members().stream().filter(member -> !now.leaves(member)).count() == now.desired();
        int last = now.applied() - 1;
        return may
                ? Optional.of(
                        away.stream().anyMatch(member -> member.ordinal() == last)
                                ? new Action.Scale(last)
                                : othersBehind(last).orElseGet(() -> new Action.Scale(last)))
                : Optional.empty();
    }

    /** What keeps any member from being disturbed now. */
    private Optional<Action> obstacle() {
        if (now.handover()) {
            return Optional.of(new Action.Wait("waiting for the switchover to complete"));
        }
        List<String> away = names(Predicate.not(RolloutMember::serves));
        if (!away.isEmpty()) {
            return Optional.of(
                    new Action.Wait("waiting for %s to return to service".formatted(String.join(", ", away))));
        }
        if (now.members().size() < now.applied()) {
            return Optional.of(new Action.Wait("waiting for missing pods to be created"));
        }
        return now.primary().isEmpty() ? Optional.of(new Action.Wait("waiting for a primary")) : Optional.empty();
    }

    /** All members are in service: whose turn it is. */
    private Action orderly() {
        RolloutMember primary = now.primary().orElseThrow();
        if (now.applied() > now.desired()) {
            // Patroni promotes the other only once it has everything, down to the shutdown of this one.
            return now.leaves(primary)
                    ? handOver(primary, this::keepsUp, "it is removed by the scale-down")
                    : othersBehind(now.applied() - 1).orElseGet(() -> new Action.Scale(now.applied() - 1));
        }
        String wanted = now.wanted();
        if (wanted != null && !wanted.equals(primary.name())) {
            return handOver(
                    primary, member -> wanted.equals(RolloutState.ANY) || wanted.equals(member.name()), "requested");
        }
        if (mustHandOver(primary)) {
            return handOver(primary, Planner::staysLeader, "its node is cordoned");
        }
        if (primary.goesFirst() && primary.update().disturbs() && now.members().size() > 1) {
            // In place, also where more than its server has to restart: with its pod it would lose the lead as well.
            return othersBehind(primary.ordinal()).orElseGet(() -> new Action.RestartServer(primary.name()));
        }
        return now.members().stream()
                .filter(member -> !member.primary() && member.update().disturbs())
                .max(Comparator.comparingInt(RolloutMember::ordinal))
                .map(this::disturb)
                .orElseGet(() -> primary.update().disturbs() ? disturbPrimary(primary) : last(primary));
    }

    /** Nothing else is left to do. */
    private Action last(RolloutMember primary) {
        return mustReturn(primary) ? handOver(primary, this::staysBelow, "the autoscaler may remove it") : Action.DONE;
    }

    private Action disturbPrimary(RolloutMember primary) {
        boolean alone = now.members().size() == 1;
        // A leader that stops in good order hands its lock to whoever has everything, without asking.
        boolean unasked = now.divided()
                && primary.update() == RequiredUpdate.RECREATE
                && Switchovers.candidate(now, this::keepsUp).isPresent();
        return alone || unasked ? act(primary) : handOver(primary, this::keepsUp, "the primary is updated last");
    }

    private Action disturb(RolloutMember member) {
        return othersBehind(member.ordinal()).orElseGet(() -> act(member));
    }

    /** The other replicas that stay have to have the data while one is away. */
    private Optional<Action> othersBehind(int ordinal) {
        List<String> behind =
                names(other -> !other.primary() && other.ordinal() != ordinal && !now.leaves(other) && !keepsUp(other));
        return behind.isEmpty()
                ? Optional.empty()
                : Optional.of(new Action.Wait("waiting for %s to catch up".formatted(String.join(", ", behind))));
    }

    private boolean keepsUp(RolloutMember member) {
        Long lag = member.lag();
        return lag != null && lag <= now.maximumLag();
    }

    private static Action act(RolloutMember member) {
        return switch (member.update()) {
            case RESTART_SERVER -> new Action.RestartServer(member.name());
            case RESTART_CONTAINER -> new Action.RestartContainer(member.name());
            case RECREATE -> new Action.Recreate(member.name());
            case NONE, RESIZE -> Action.DONE;
        };
    }

    private Action handOver(RolloutMember primary, Predicate<RolloutMember> fit, String why) {
        return Switchovers.candidate(now, fit)
                .<Action>map(member -> new Action.Switchover(primary.name(), member.name(), why))
                .orElseGet(() -> new Action.Wait("waiting for a replica that has caught up and can take over from %s"
                        .formatted(primary.name())));
    }

    /** Only to a member that has not to be disturbed itself: it would hand the leadership back for that. */
    private boolean mustHandOver(RolloutMember member) {
        return member.primary()
                && member.leavingNode()
                && now.members().stream().anyMatch(Planner::staysLeader);
    }

    /** An autoscaler removes the highest ordinals without asking: the primary is none of those while another can be it. */
    private boolean mustReturn(RolloutMember member) {
        return member.primary()
                && now.exposed(member)
                && !now.unfinished()
                && Switchovers.candidate(now, this::staysBelow).isPresent();
    }

    private boolean staysBelow(RolloutMember member) {
        return !now.exposed(member) && staysLeader(member) && keepsUp(member);
    }

    private static boolean staysLeader(RolloutMember member) {
        return !member.leavingNode() && member.serves() && !member.update().disturbs();
    }

    private List<String> names(Predicate<RolloutMember> which) {
        return now.members().stream().filter(which).map(RolloutMember::name).toList();
    }
}

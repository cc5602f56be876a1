package com.smoketurner.postgres.cluster.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The next single step towards what is asked for. Whatever the change is, members are disturbed by these rules:
 *
 * <ul>
 *   <li>one at a time, and only while all others are in service;
 *   <li>replicas first, from the highest ordinal down, the primary last, after a switchover to a replica that is done;
 *   <li>a member that is broken and outdated goes at once: nobody is served by it;
 *   <li>the number of members comes before all else.
 * </ul>
 */
public final class Planner {

    private final Situation now;

    private Planner(Situation now) {
        this.now = now;
    }

    /** What to do now. Asked again with the same facts it gives the same answer. */
    public static Action next(Situation situation) {
        return new Planner(situation).next();
    }

    private Action next() {
        if (now.applied() < now.desired()) {
            return new Action.Scale(now.desired()); // A new member disturbs nobody.
        }
        List<String> resizable = names(peer -> peer.need() == Need.RESIZE && !peer.terminating());
        if (!resizable.isEmpty()) {
            return new Action.Resize(resizable);
        }
        if (!now.unfinished() && now.wanted() == null && now.peers().stream().noneMatch(this::mustHandOver)) {
            return Action.DONE;
        }
        return broken().or(this::scaleBrokenAway).or(this::obstacle).orElseGet(this::orderly);
    }

    /** A member that is not Ready and outdated may be broken because it is: it does not wait for the others. */
    private Optional<Action> broken() {
        if (now.peers().stream().anyMatch(Peer::terminating)) {
            return Optional.empty();
        }
        return now.peers().stream()
                .filter(peer -> !peer.ready())
                .filter(peer -> peer.need() == Need.RECREATE || peer.need() == Need.RESTART_CONTAINER)
                .max(Comparator.comparingInt(Peer::ordinal))
                .map(Planner::act);
    }

    /** Members that are to go anyway need not serve before they do. */
    private Optional<Action> scaleBrokenAway() {
        List<Peer> away =
                now.peers().stream().filter(Predicate.not(Peer::serves)).toList();
        boolean may = now.applied() > now.desired()
                && !now.handover()
                && !away.isEmpty()
                && away.stream().allMatch(peer -> now.leaves(peer) && !peer.terminating() && !peer.primary())
                && now.primary().filter(primary -> !now.leaves(primary)).isPresent()
                && now.peers().stream().filter(peer -> !now.leaves(peer)).count() == now.desired();
        int last = now.applied() - 1;
        return may
                ? Optional.of(
                        away.stream().anyMatch(peer -> peer.ordinal() == last)
                                ? new Action.Scale(last)
                                : othersBehind(last).orElseGet(() -> new Action.Scale(last)))
                : Optional.empty();
    }

    /** What keeps any member from being disturbed now. */
    private Optional<Action> obstacle() {
        if (now.handover()) {
            return Optional.of(new Action.Wait("waiting for the switchover"));
        }
        List<String> away = names(Predicate.not(Peer::serves));
        if (!away.isEmpty()) {
            return Optional.of(new Action.Wait("waiting for %s to serve".formatted(String.join(", ", away))));
        }
        if (now.peers().size() < now.applied()) {
            return Optional.of(new Action.Wait("waiting for members that have no pod yet"));
        }
        return now.primary().isEmpty() ? Optional.of(new Action.Wait("waiting for a primary")) : Optional.empty();
    }

    /** All members are in service: whose turn it is. */
    private Action orderly() {
        Peer primary = now.primary().orElseThrow();
        if (now.applied() > now.desired()) {
            // Patroni promotes the other only once it has everything, down to the shutdown of this one.
            return now.leaves(primary)
                    ? handOver(primary, this::keepsUp, "its ordinal is among those that go")
                    : othersBehind(now.applied() - 1).orElseGet(() -> new Action.Scale(now.applied() - 1));
        }
        String wanted = now.wanted();
        if (wanted != null && !wanted.equals(primary.name())) {
            return handOver(
                    primary, peer -> wanted.equals(Situation.ANY) || wanted.equals(peer.name()), "it was asked for");
        }
        if (mustHandOver(primary)) {
            return handOver(primary, Planner::staysLeader, "its node takes no new pods");
        }
        if (primary.goesFirst() && primary.need().disturbs() && now.peers().size() > 1) {
            // In place, also where more than its server has to restart: with its pod it would lose the lead as well.
            return othersBehind(primary.ordinal()).orElseGet(() -> new Action.RestartServer(primary.name()));
        }
        return now.peers().stream()
                .filter(peer -> !peer.primary() && peer.need().disturbs())
                .max(Comparator.comparingInt(Peer::ordinal))
                .map(this::disturb)
                .orElseGet(() -> primary.need().disturbs() ? disturbPrimary(primary) : Action.DONE);
    }

    private Action disturbPrimary(Peer primary) {
        boolean alone = now.peers().size() == 1;
        // A leader that stops in good order hands its lock to whoever has everything, without asking.
        boolean unasked = now.divided()
                && primary.need() == Need.RECREATE
                && Switchovers.candidate(now, this::keepsUp).isPresent();
        return alone || unasked ? act(primary) : handOver(primary, this::keepsUp, "it is the last to be changed");
    }

    private Action disturb(Peer peer) {
        return othersBehind(peer.ordinal()).orElseGet(() -> act(peer));
    }

    /** The other replicas that stay have to have the data while one is away. */
    private Optional<Action> othersBehind(int ordinal) {
        List<String> behind =
                names(other -> !other.primary() && other.ordinal() != ordinal && !now.leaves(other) && !keepsUp(other));
        return behind.isEmpty()
                ? Optional.empty()
                : Optional.of(new Action.Wait("waiting for %s to catch up".formatted(String.join(", ", behind))));
    }

    private boolean keepsUp(Peer peer) {
        Long lag = peer.lag();
        return lag != null && lag <= now.maximumLag();
    }

    private static Action act(Peer peer) {
        return switch (peer.need()) {
            case RESTART_SERVER -> new Action.RestartServer(peer.name());
            case RESTART_CONTAINER -> new Action.RestartContainer(peer.name());
            case RECREATE -> new Action.Recreate(peer.name());
            case NONE, RESIZE -> Action.DONE;
        };
    }

    private Action handOver(Peer primary, Predicate<Peer> fit, String why) {
        return Switchovers.candidate(now, fit)
                .<Action>map(peer -> new Action.Switchover(primary.name(), peer.name(), why))
                .orElseGet(() -> new Action.Wait("waiting for a replica that has caught up and may take over from %s"
                        .formatted(primary.name())));
    }

    /** Only to a member that has not to be disturbed itself: it would hand the leadership back for that. */
    private boolean mustHandOver(Peer peer) {
        return peer.primary() && peer.leavingNode() && now.peers().stream().anyMatch(Planner::staysLeader);
    }

    private static boolean staysLeader(Peer peer) {
        return !peer.leavingNode() && peer.serves() && !peer.need().disturbs();
    }

    private List<String> names(Predicate<Peer> which) {
        return now.peers().stream().filter(which).map(Peer::name).toList();
    }
}

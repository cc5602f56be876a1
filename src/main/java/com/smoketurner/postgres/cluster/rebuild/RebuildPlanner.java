package com.smoketurner.postgres.cluster.rebuild;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When the data of a replica is copied from the primary again. These rules hold, whoever asks for it:
 *
 * <ul>
 *   <li>never on the primary, and only while a primary serves: with it there is a good copy;
 *   <li>one member at a time, and not while another is being made;
 *   <li>a replica in service is taken only when a person names it and all others serve;
 *   <li>one that is broken is taken after a while, and by itself at most once in {@link #BACK_OFF}.
 * </ul>
 *
 * @param replicas the members
 * @param primaryServes clients can write
 * @param manual somebody has paused Patroni and works on the members by hand
 * @param request member whose rebuild was requested; null without a request
 * @param oldest first byte of write-ahead log that the primary still has; null while unknown
 */
public record RebuildPlanner(
        List<ReplicaHealth> replicas,
        boolean primaryServes,
        boolean manual,
        @Nullable String request,
        @Nullable Long oldest) {

    /** By itself a member is rebuilt at most this often: what breaks again so soon is not cured by another copy. */
    public static final Duration BACK_OFF = Duration.ofHours(6);

    /** Patroni tries to start a server in every loop, so this is more than three attempts. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration ORDER_STANDS = Duration.ofMinutes(10);

    public RebuildPlanner {
        replicas = replicas.stream()
                .sorted(Comparator.comparingInt(ReplicaHealth::ordinal))
                .toList();
    }

    /** Whether there is nothing to do and nothing that time alone makes due. */
    public boolean quiet() {
        return request == null
                && first(replica -> replica.ordered() != null
                                || replica.since() != null
                                || replica.cloning()
                                || replica.fault() != ReplicaFault.NONE)
                        .isEmpty();
    }

    /** What to do now. Asked again with the same facts it gives the same answer. */
    public RebuildAction next(Instant now) {
        for (ReplicaHealth replica : replicas) {
            if (replica.ordered() != null) {
                return replica.name().equals(request)
                        ? new RebuildAction.DropRequest()
                        : carryOut(replica, replica.ordered(), now);
            }
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            return new RebuildAction.RefuseWish(refusal.get());
        }
        if (!primaryServes || first(ReplicaHealth::cloning).isPresent()) {
            return RebuildAction.NOTHING;
        }
        return requested().or(() -> broken(now)).orElse(RebuildAction.NOTHING);
    }

    private RebuildAction carryOut(ReplicaHealth replica, Instant ordered, Instant now) {
        if (replica.primary()) {
            return new RebuildAction.Lapse(replica.name(), "it is the primary now");
        }
        if (replica.cloning()) {
            return new RebuildAction.Confirm(replica.name());
        }
        if (now.isAfter(ordered.plus(ORDER_STANDS))) {
            return new RebuildAction.Lapse(
                    replica.name(),
                    "it did not accept the request within %d minutes".formatted(ORDER_STANDS.toMinutes()));
        }
        return primaryServes && first(ReplicaHealth::cloning).isEmpty()
                ? new RebuildAction.Ask(replica.name(), ordered)
                : RebuildAction.NOTHING;
    }

    private Optional<String> refusal() {
        if (request == null) {
            return Optional.empty();
        }
        Optional<ReplicaHealth> named = first(replica -> replica.name().equals(request));
        if (named.isEmpty()) {
            return Optional.of("there is no member " + request);
        }
        return named.get().primary() ? Optional.of("it is the primary; switch over first") : Optional.empty();
    }

    private Optional<RebuildAction> requested() {
        return first(replica -> replica.name().equals(request))
                .filter(replica -> !replica.serves() || replicas.stream().allMatch(ReplicaHealth::serves))
                .map(replica -> new RebuildAction.Order(replica.name(), "requested by annotation", true));
    }

    private Optional<RebuildAction> broken(Instant now) {
        return manual
                ? Optional.empty()
                : first(replica -> isDue(replica, now))
                        .map(replica -> new RebuildAction.Order(replica.name(), why(replica), false));
    }

    private boolean isDue(ReplicaHealth replica, Instant now) {
        boolean patient =
                replica.since() == null || now.isBefore(replica.since().at().plus(PATIENCE));
        return !patient && mayBeRebuilt(replica, now) && isLost(replica);
    }

    /** Whether it will not come back by itself: a server that runs does, as long as the primary has what it lacks. */
    private boolean isLost(ReplicaHealth replica) {
        return switch (replica.fault()) {
            case DOWN -> true;
            case SILENT -> !replica.outOfConnections();
            case DETACHED -> isAhead(replica) || (!replica.advances() && isBehindLog(replica));
            case NONE, UNDECIDED, FULL -> false;
        };
    }

    private boolean isBehindLog(ReplicaHealth replica) {
        return oldest != null && replica.position() != null && replica.position() < oldest;
    }

    /**
     * Whether it has WAL that the primary does not have. It led, or followed a primary that was lost before another member saw that; the
     * timelines of both have the same number, so Patroni does not rewind it. In time the primary's position passes it by, and nothing would
     * show any more why it cannot go on.
     */
    private boolean isAhead(ReplicaHealth replica) {
        return replica.refusedAsAhead()
                || first(ReplicaHealth::primary)
                        .filter(primary -> primary.position() != null
                                && replica.position() != null
                                && replica.position() > primary.position())
                        .isPresent();
    }

    /** Whether the operator may do so without being asked. */
    static boolean mayBeRebuilt(ReplicaHealth replica, Instant now) {
        return replica.rebuilt() == null || now.isAfter(replica.rebuilt().plus(BACK_OFF));
    }

    private String why(ReplicaHealth replica) {
        if (replica.fault() != ReplicaFault.DETACHED) {
            return "its server does not start";
        }
        return isAhead(replica)
                ? "it has WAL that the primary does not have and cannot follow it"
                : "the primary no longer has the WAL that it needs";
    }

    /** Whether the answer depends on how much write-ahead log the primary still has. */
    public boolean asksForLog(Instant now) {
        return primaryServes
                && first(replica -> replica.fault() == ReplicaFault.DETACHED
                                && replica.since() != null
                                && !now.isBefore(replica.since().at().plus(PATIENCE)))
                        .isPresent();
    }

    private Optional<ReplicaHealth> first(Predicate<ReplicaHealth> which) {
        return replicas.stream().filter(which).findFirst();
    }
}

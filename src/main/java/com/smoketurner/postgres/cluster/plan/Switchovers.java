package com.smoketurner.postgres.cluster.plan;

import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Who may take over. */
public final class Switchovers {

    private Switchovers() {}

    /** What becomes of a wish for a switchover. */
    public sealed interface Verdict {

        /** That member is to lead. */
        record Accepted(String member) implements Verdict {}

        /**
         * Nothing is done.
         *
         * @param why for a person
         */
        record Refused(String why) implements Verdict {}
    }

    /**
     * Judges a wish before anything is done for it.
     *
     * @param wish name of the member that is to lead, or {@link Situation#ANY}
     */
    public static Verdict judge(Situation now, String wish) {
        if (now.primary().isEmpty()) {
            return new Verdict.Refused("no member leads at present");
        }
        if (wish.equals(Situation.ANY)) {
            return candidate(now, peer -> behind(now, peer).isEmpty())
                    .<Verdict>map(peer -> new Verdict.Accepted(peer.name()))
                    .orElseGet(() -> new Verdict.Refused("no replica has caught up and may take over"));
        }
        return now.peers().stream()
                .filter(peer -> peer.name().equals(wish))
                .findFirst()
                .map(peer -> obstacle(now, peer)
                        .<Verdict>map(Verdict.Refused::new)
                        .orElseGet(() -> new Verdict.Accepted(wish)))
                .orElseGet(() -> new Verdict.Refused("there is no member " + wish));
    }

    private static Optional<String> obstacle(Situation now, Peer peer) {
        if (peer.primary()) {
            return Optional.empty();
        }
        if (!peer.serves()) {
            return Optional.of("%s is no replica in service".formatted(peer.name()));
        }
        if (!peer.mayLead()) {
            return Optional.of("%s is not synchronous, Patroni would not let it take over".formatted(peer.name()));
        }
        return now.leaves(peer)
                ? Optional.of("%s is one of the members that go".formatted(peer.name()))
                : behind(now, peer);
    }

    private static Optional<String> behind(Situation now, Peer peer) {
        Long lag = peer.lag();
        return lag != null && lag > now.maximumLag()
                ? Optional.of("%s is %d bytes behind".formatted(peer.name(), lag))
                : Optional.empty();
    }

    /** The best of those that may take over: if there is a choice, one that has not to be disturbed afterwards. */
    static Optional<Peer> candidate(Situation now, Predicate<Peer> fit) {
        return now.peers().stream()
                .filter(peer -> !peer.primary() && peer.serves() && peer.mayLead() && !now.leaves(peer))
                .filter(fit)
                .min(Comparator.comparing((Peer peer) -> peer.need().disturbs())
                        .thenComparing(Peer::leavingNode)
                        .thenComparingLong(peer -> Objects.requireNonNullElse(peer.lag(), Long.MAX_VALUE))
                        .thenComparingInt(Peer::ordinal));
    }
}

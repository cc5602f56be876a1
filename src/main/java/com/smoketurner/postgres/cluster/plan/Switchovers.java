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
     * @param request name of the member that is to lead, or {@link RolloutState#ANY}
     */
    public static Verdict judge(RolloutState now, String request) {
        if (now.primary().isEmpty()) {
            return new Verdict.Refused("no member leads at present");
        }
        if (request.equals(RolloutState.ANY)) {
            return candidate(now, member -> behind(now, member).isEmpty())
                    .<Verdict>map(member -> new Verdict.Accepted(member.name()))
                    .orElseGet(() -> new Verdict.Refused("no replica has caught up and may take over"));
        }
        return now.members().stream()
                .filter(member -> member.name().equals(request))
                .findFirst()
                .map(member -> obstacle(now, member)
                        .<Verdict>map(Verdict.Refused::new)
                        .orElseGet(() -> new Verdict.Accepted(request)))
                .orElseGet(() -> new Verdict.Refused("there is no member " + request));
    }

    private static Optional<String> obstacle(RolloutState now, RolloutMember member) {
        if (member.primary()) {
            return Optional.empty();
        }
        if (!member.serves()) {
            return Optional.of("%s is no replica in service".formatted(member.name()));
        }
        if (!member.mayLead()) {
            return Optional.of("%s is not synchronous, Patroni would not let it take over".formatted(member.name()));
        }
        return now.leaves(member)
                ? Optional.of("%s is one of the members that go".formatted(member.name()))
                : behind(now, member);
    }

    private static Optional<String> behind(RolloutState now, RolloutMember member) {
        Long lag = member.lag();
        return lag != null && lag > now.maximumLag()
                ? Optional.of("%s is %d bytes behind".formatted(member.name(), lag))
                : Optional.empty();
    }

    /** The best of those that may take over: if there is a choice, one that has not to be disturbed afterwards. */
    static Optional<RolloutMember> candidate(RolloutState now, Predicate<RolloutMember> fit) {
        return now.members().stream()
                .filter(member -> !member.primary() && member.serves() && member.mayLead() && !now.leaves(member))
                .filter(fit)
                .min(Comparator.comparing(
                                (RolloutMember member) -> member.update().disturbs())
                        .thenComparing(RolloutMember::leavingNode)
                        .thenComparingLong(member -> Objects.requireNonNullElse(member.lag(), Long.MAX_VALUE))
                        .thenComparingInt(RolloutMember::ordinal));
    }
}

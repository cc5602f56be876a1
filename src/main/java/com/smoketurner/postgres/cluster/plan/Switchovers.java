package com.smoketurner.postgres.cluster.plan;

import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Which members can take over. */
public final class Switchovers {

    private Switchovers() {}

    /** The answer to a request for a switchover. */
    public sealed interface Verdict {

        /** That member becomes the primary. */
        record Accepted(String member) implements Verdict {}

        /**
         * Nothing is done.
         *
         * @param why for the message of an event
         */
        record Refused(String why) implements Verdict {}
    }

    /**
     * Validates a request.
     *
     * @param request name of the member that is to lead, or {@link RolloutState#ANY}
     */
    public static Verdict judge(RolloutState now, String request) {
        if (now.primary().isEmpty()) {
            return new Verdict.Refused("there is no primary");
        }
        if (request.equals(RolloutState.ANY)) {
            return candidate(now, member -> behind(now, member).isEmpty())
                    .<Verdict>map(member -> new Verdict.Accepted(member.name()))
                    .orElseGet(() -> new Verdict.Refused("no replica has caught up and can take over"));
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
            return Optional.of("%s is not a healthy replica".formatted(member.name()));
        }
        if (!member.mayLead()) {
            return Optional.of(
                    "%s is not a synchronous standby, Patroni would not promote it".formatted(member.name()));
        }
        return now.leaves(member)
                ? Optional.of("%s is being removed by the scale-down".formatted(member.name()))
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
                        .thenComparing(now::exposed)
                        .thenComparingLong(member -> Objects.requireNonNullElse(member.lag(), Long.MAX_VALUE))
                        .thenComparingInt(RolloutMember::ordinal));
    }
}

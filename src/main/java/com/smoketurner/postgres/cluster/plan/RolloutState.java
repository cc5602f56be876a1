package com.smoketurner.postgres.cluster.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that the next step depends on.
 *
 * @param members the members that have a pod; their order does not matter
 * @param applied members the StatefulSet runs
 * @param desired members asked for
 * @param handover a switchover has been asked for and is not done
 * @param wanted member that a person wants to lead; {@link #ANY} for any but the present one; null without such a wish
 * @param divided some members speak TLS and some do not, so their Patronis cannot ask each other and refuse a switchover
 * @param maximumLag bytes a replica may be behind to count as keeping up
 */
public record RolloutState(
        List<RolloutMember> members,
        int applied,
        int desired,
        boolean handover,
        @Nullable String wanted,
        boolean divided,
        long maximumLag) {

    /** Any member but the present primary. */
    public static final String ANY = "auto";

    public RolloutState {
        members = members.stream()
                .sorted(Comparator.comparingInt(RolloutMember::ordinal))
                .toList();
    }

    /** The same with other members. */
    public RolloutState with(List<RolloutMember> others) {
        return new RolloutState(others, applied, desired, handover, wanted, divided, maximumLag);
    }

    public Optional<RolloutMember> primary() {
        return members.stream().filter(RolloutMember::primary).findFirst();
    }

    /** Whether anything differs from what is asked for. */
    public boolean unfinished() {
        return applied != desired
                || members.stream().anyMatch(member -> member.update() != RequiredUpdate.NONE || !member.settled());
    }

    /** The costliest of what is still to be done to a member. */
    public RequiredUpdate most() {
        return members.stream()
                .map(RolloutMember::update)
                .max(Comparator.naturalOrder())
                .orElse(RequiredUpdate.NONE);
    }

    /** What is still to be done, for a person. */
    public String leftToDo() {
        String updates = members.stream()
                .filter(member -> member.update() != RequiredUpdate.NONE)
                .map(member ->
                        "%s (%s)".formatted(member.name(), member.update().text()))
                .collect(Collectors.joining(", "));
        String count = applied == desired ? "" : "%d of %d members".formatted(applied, desired);
        return Stream.of(count, updates).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
    }

    /** Whether a member goes when the count is reached. */
    public boolean leaves(RolloutMember member) {
        return member.ordinal() >= desired;
    }
}

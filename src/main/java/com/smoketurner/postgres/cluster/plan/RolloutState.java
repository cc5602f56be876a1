package com.smoketurner.postgres.cluster.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The input of the planner.
 *
 * @param members the members that have a pod; their order does not matter
 * @param applied members the StatefulSet runs
 * @param desired members of the spec
 * @param handover a switchover is in progress
 * @param wanted member requested as the new primary; {@link #ANY} for any but the present one; null without such a request
 * @param divided some members speak TLS and some do not, so their Patronis cannot ask each other and refuse a switchover
 * @param maximumLag bytes a replica may be behind to count as keeping up
 * @param floor members with this ordinal and above may be removed by an autoscaler at any time; {@link #ALL_STAY} without one
 */
public record RolloutState(
        List<RolloutMember> members,
        int applied,
        int desired,
        boolean handover,
        @Nullable String wanted,
        boolean divided,
        long maximumLag,
        int floor) {

    /** No member goes without the operator. */
    public static final int ALL_STAY = Integer.MAX_VALUE;

    /** Any member but the present primary. */
    public static final String ANY = "auto";

    /** Without an autoscaler. */
    public RolloutState(
            List<RolloutMember> members,
            int applied,
            int desired,
            boolean handover,
            @Nullable String wanted,
            boolean divided,
            long maximumLag) {
        this(members, applied, desired, handover, wanted, divided, maximumLag, ALL_STAY);
    }

    public RolloutState {
        members = members.stream()
                .sorted(Comparator.comparingInt(RolloutMember::ordinal))
                .toList();
    }

    /** The same with other members. */
    public RolloutState with(List<RolloutMember> others) {
        return new RolloutState(others, applied, desired, handover, wanted, divided, maximumLag, floor);
    }

    public Optional<RolloutMember> primary() {
        return members.stream().filter(RolloutMember::primary).findFirst();
    }

    /** Whether anything differs from the spec. */
    public boolean unfinished() {
        return applied != desired
                || members.stream().anyMatch(member -> member.update() != RequiredUpdate.NONE || !member.settled());
    }

    /** The most disruptive update that remains. */
    public RequiredUpdate most() {
        return members.stream()
                .map(RolloutMember::update)
                .max(Comparator.naturalOrder())
                .orElse(RequiredUpdate.NONE);
    }

    /** The remaining updates, for messages. */
    public String leftToDo() {
        String updates = members.stream()
                .filter(member -> member.update() != RequiredUpdate.NONE)
                .map(member ->
                        "%s (%s)".formatted(member.name(), member.update().text()))
                .collect(Collectors.joining(", "));
        String count = applied == desired ? "" : "%d of %d members".formatted(applied, desired);
        return Stream.of(count, updates).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
    }

    /** Whether an autoscaler may remove a member at any time. */
    public boolean exposed(RolloutMember member) {
        return member.ordinal() >= floor;
    }

    /** Whether the scale-down removes a member. */
    public boolean leaves(RolloutMember member) {
        return member.ordinal() >= desired;
    }
}

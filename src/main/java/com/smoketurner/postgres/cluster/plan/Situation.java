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
 * @param peers the members that have a pod; their order does not matter
 * @param applied members the StatefulSet runs
 * @param desired members asked for
 * @param handover a switchover has been asked for and is not done
 * @param wanted member that a person wants to lead; {@link #ANY} for any but the present one; null without such a wish
 * @param divided some members speak TLS and some do not, so their Patronis cannot ask each other and refuse a switchover
 * @param maximumLag bytes a replica may be behind to count as keeping up
 */
public record Situation(
        List<Peer> peers,
        int applied,
        int desired,
        boolean handover,
        @Nullable String wanted,
        boolean divided,
        long maximumLag) {

    /** Any member but the present primary. */
    public static final String ANY = "auto";

    public Situation {
        peers = peers.stream().sorted(Comparator.comparingInt(Peer::ordinal)).toList();
    }

    /** The same with other members. */
    public Situation with(List<Peer> others) {
        return new Situation(others, applied, desired, handover, wanted, divided, maximumLag);
    }

    public Optional<Peer> primary() {
        return peers.stream().filter(Peer::primary).findFirst();
    }

    /** Whether anything differs from what is asked for. */
    public boolean unfinished() {
        return applied != desired || peers.stream().anyMatch(peer -> peer.need() != Need.NONE || !peer.settled());
    }

    /** The costliest of what is still to be done to a member. */
    public Need most() {
        return peers.stream().map(Peer::need).max(Comparator.naturalOrder()).orElse(Need.NONE);
    }

    /** What is still to be done, for a person. */
    public String leftToDo() {
        String members = peers.stream()
                .filter(peer -> peer.need() != Need.NONE)
                .map(peer -> "%s (%s)".formatted(peer.name(), peer.need().text()))
                .collect(Collectors.joining(", "));
        String count = applied == desired ? "" : "%d of %d members".formatted(applied, desired);
        return Stream.of(count, members).filter(text -> !text.isEmpty()).collect(Collectors.joining(", "));
    }

    /** Whether a member goes when the count is reached. */
    public boolean leaves(Peer peer) {
        return peer.ordinal() >= desired;
    }
}

package com.smoketurner.postgres.cluster.plan;

import org.jspecify.annotations.Nullable;

/** Members as the planner sees them, for tests: in service and as asked for unless said otherwise. */
final class Peers {
    private final int ordinal;
    private boolean primary;
    private boolean ready = true;
    private boolean streaming = true;
    private boolean terminating;
    private boolean settled = true;
    private Need need = Need.NONE;
    private boolean goesFirst;
    private @Nullable Long lag = 0L;
    private boolean mayLead = true;
    private boolean leavingNode;

    private Peers(int ordinal) {
        this.ordinal = ordinal;
    }

    static Peers replica(int ordinal) {
        return new Peers(ordinal);
    }

    static Peers primary(int ordinal) {
        var peer = new Peers(ordinal);
        peer.primary = true;
        peer.streaming = false;
        return peer;
    }

    Peers needs(Need what) {
        need = what;
        return this;
    }

    Peers first() {
        goesFirst = true;
        return this;
    }

    Peers away() {
        ready = false;
        streaming = false;
        return this;
    }

    Peers notStreaming() {
        streaming = false;
        return this;
    }

    Peers terminating() {
        terminating = true;
        return this;
    }

    Peers unsettled() {
        settled = false;
        return this;
    }

    Peers lag(@Nullable Long bytes) {
        lag = bytes;
        return this;
    }

    Peers asynchronous() {
        mayLead = false;
        return this;
    }

    Peers cordoned() {
        leavingNode = true;
        return this;
    }

    Peer build() {
        return new Peer(
                "c-" + ordinal,
                ordinal,
                primary,
                ready,
                streaming,
                terminating,
                settled,
                need,
                goesFirst,
                lag,
                mayLead,
                leavingNode);
    }
}

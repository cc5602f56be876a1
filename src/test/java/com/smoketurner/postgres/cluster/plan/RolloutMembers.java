package com.smoketurner.postgres.cluster.plan;

import org.jspecify.annotations.Nullable;

/** Members as the planner sees them, for tests: in service and as asked for unless said otherwise. */
final class RolloutMembers {
    private final int ordinal;
    private boolean primary;
    private boolean ready = true;
    private boolean streaming = true;
    private boolean terminating;
    private boolean settled = true;
    private RequiredUpdate update = RequiredUpdate.NONE;
    private boolean goesFirst;
    private @Nullable Long lag = 0L;
    private boolean mayLead = true;
    private boolean leavingNode;

    private RolloutMembers(int ordinal) {
        this.ordinal = ordinal;
    }

    static RolloutMembers replica(int ordinal) {
        return new RolloutMembers(ordinal);
    }

    static RolloutMembers primary(int ordinal) {
        var member = new RolloutMembers(ordinal);
        member.primary = true;
        member.streaming = false;
        return member;
    }

    RolloutMembers needs(RequiredUpdate what) {
        update = what;
        return this;
    }

    RolloutMembers first() {
        goesFirst = true;
        return this;
    }

    RolloutMembers away() {
        ready = false;
        streaming = false;
        return this;
    }

    RolloutMembers notStreaming() {
        streaming = false;
        return this;
    }

    RolloutMembers terminating() {
        terminating = true;
        return this;
    }

    RolloutMembers unsettled() {
        settled = false;
        return this;
    }

    RolloutMembers lag(@Nullable Long bytes) {
        lag = bytes;
        return this;
    }

    RolloutMembers asynchronous() {
        mayLead = false;
        return this;
    }

    RolloutMembers cordoned() {
        leavingNode = true;
        return this;
    }

    RolloutMember build() {
        return new RolloutMember(
                "c-" + ordinal,
                ordinal,
                primary,
                ready,
                streaming,
                terminating,
                settled,
                update,
                goesFirst,
                lag,
                mayLead,
                leavingNode);
    }
}

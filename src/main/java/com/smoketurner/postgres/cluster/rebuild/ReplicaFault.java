package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.patroni.MemberRecord;
import java.util.Set;

/** What is wrong with a replica, as far as it shows. */
public enum ReplicaFault {
    /** It receives the primary's changes, or is none. */
    NONE,
    /** It is on its way: starting, being made, being stopped. Whether that comes to something is not known yet. */
    UNDECIDED,
    /** Its server runs and receives nothing. */
    DETACHED,
    /** Its server does not run, and its volume is almost full: with a larger one it will. */
    FULL,
    /** Its server tells Patroni nothing: it does not run, or has no connection left. */
    SILENT,
    /** Its server does not run, though Patroni wants it to. */
    DOWN;

    private static final Set<String> FAILED = Set.of("start failed", "crashed", "restart failed", "stop failed");

    /**
     * What is wrong with a member.
     *
     * @param leads it holds the leader key
     */
    public static ReplicaFault of(Member member, boolean leads) {
        MemberRecord record = member.patroni();
        if (leads || record == null || (member.streaming() && member.ready())) {
            return NONE;
        }
        if (member.terminating() || member.waiting() != null || record.state() == null) {
            return UNDECIDED;
        }
        ReplicaFault down = member.storagePressure() ? FULL : DOWN;
        if (FAILED.contains(record.state())) {
            return down;
        }
        // Without a readable pg_control Patroni tries no start and goes on saying what was so before.
        boolean silent = !record.answers() && record.replicationState() == null && !member.ready();
        return switch (record.state()) {
            case "stopped" -> down;
            case "running" -> silent ? silent(member) : record.isStreaming() ? UNDECIDED : DETACHED;
            default -> UNDECIDED;
        };
    }

    private static ReplicaFault silent(Member member) {
        return member.storagePressure() ? FULL : SILENT;
    }

    /** Whether it is sure that the replica is not well. */
    public boolean broken() {
        return this == DETACHED || this == FULL || this == SILENT || this == DOWN;
    }
}

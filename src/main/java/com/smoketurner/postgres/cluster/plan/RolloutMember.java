package com.smoketurner.postgres.cluster.plan;

import org.jspecify.annotations.Nullable;

/**
 * One member as the planner sees it.
 *
 * @param ordinal its number in the StatefulSet
 * @param primary it holds the leader key
 * @param ready clients can use it
 * @param streaming it streams WAL from the primary
 * @param terminating its pod is being deleted
 * @param settled no resize or restart of it is in progress
 * @param update what brings it in line with the spec
 * @param goesFirst as a primary it must be restarted before its replicas
 * @param lag bytes it has not replayed; null while unknown
 * @param mayLead Patroni would let it take over: with synchronous replication it is a synchronous replica
 * @param leavingNode its node is cordoned
 */
public record RolloutMember(
        String name,
        int ordinal,
        boolean primary,
        boolean ready,
        boolean streaming,
        boolean terminating,
        boolean settled,
        RequiredUpdate update,
        boolean goesFirst,
        @Nullable Long lag,
        boolean mayLead,
        boolean leavingNode) {

    /** Whether it is in service: a primary or a replica that keeps up with it. */
    boolean serves() {
        return ready && settled && !terminating && (primary || streaming);
    }

    /** One that has just joined and matches the spec. */
    public static RolloutMember fresh(String name, int ordinal) {
        return new RolloutMember(
                name, ordinal, false, true, true, false, true, RequiredUpdate.NONE, false, 0L, true, false);
    }

    public RolloutMember withUpdate(RequiredUpdate other, boolean first) {
        return new RolloutMember(
                name,
                ordinal,
                primary,
                ready,
                streaming,
                terminating,
                settled,
                other,
                first,
                lag,
                mayLead,
                leavingNode);
    }

    public RolloutMember leading(boolean leads) {
        return new RolloutMember(
                name,
                ordinal,
                leads,
                ready,
                !leads,
                terminating,
                settled,
                update,
                goesFirst,
                lag,
                mayLead,
                leavingNode);
    }

    /** It has come back into service, where it was. */
    public RolloutMember serving() {
        return new RolloutMember(
                name, ordinal, primary, true, !primary, false, true, update, goesFirst, lag, mayLead, leavingNode);
    }

    /** It has everything the primary has, and may take over from it. */
    public RolloutMember caughtUp() {
        return new RolloutMember(
                name,
                ordinal,
                primary,
                ready,
                streaming,
                terminating,
                settled,
                update,
                goesFirst,
                0L,
                true,
                leavingNode);
    }
}

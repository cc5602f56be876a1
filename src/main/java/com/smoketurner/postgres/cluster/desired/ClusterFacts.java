package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * What was observed of a cluster and decides what its objects look like.
 *
 * @param tlsCaPresent whether the Secret {@code <c>-tls} has a {@code ca.crt}
 * @param members how many members to run where that is not the spec's count: under an autoscaler, in the steps of a
 *     scale-down, none while the cluster stops; null for the spec's count
 * @param claimSize size in the existing StatefulSet's claim template, which can not be changed; null without one
 * @param restartedAt what {@code kubectl rollout restart} wrote into the existing pod template; null without it
 * @param restart the last restart that the cluster's annotation requested; null without one
 * @param slotsToDrop whether replication slots of members that were scaled away are still kept
 */
public record ClusterFacts(
        boolean tlsCaPresent,
        @Nullable Integer members,
        @Nullable Quantity claimSize,
        @Nullable String restartedAt,
        @Nullable String restart,
        boolean slotsToDrop) {

    /** The facts about a cluster of which nothing exists yet. */
    public static ClusterFacts none() {
        return new ClusterFacts(false, null, null, null, null, false);
    }

    public ClusterFacts withTlsCaPresent(boolean present) {
        return new ClusterFacts(present, members, claimSize, restartedAt, restart, slotsToDrop);
    }

    public ClusterFacts withMembers(@Nullable Integer count) {
        return new ClusterFacts(tlsCaPresent, count, claimSize, restartedAt, restart, slotsToDrop);
    }

    public ClusterFacts withClaimSize(@Nullable Quantity size) {
        return new ClusterFacts(tlsCaPresent, members, size, restartedAt, restart, slotsToDrop);
    }

    public ClusterFacts withRestartedAt(@Nullable String time) {
        return new ClusterFacts(tlsCaPresent, members, claimSize, time, restart, slotsToDrop);
    }

    public ClusterFacts withRestart(@Nullable String value) {
        return new ClusterFacts(tlsCaPresent, members, claimSize, restartedAt, value, slotsToDrop);
    }

    public ClusterFacts withSlotsToDrop(boolean any) {
        return new ClusterFacts(tlsCaPresent, members, claimSize, restartedAt, restart, any);
    }

    /** How many members to run. */
    public int membersOf(PostgresCluster cluster) {
        return members != null ? members : cluster.getSpec().replicasOrDefault();
    }
}

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
 * @param dataMajor major version of the data directories; null before there are any
 * @param claimSize size in the existing StatefulSet's claim template, which can not be changed; null without one
 * @param restartedAt what {@code kubectl rollout restart} wrote into the existing pod template; null without it
 * @param restart the last restart that was asked for by the cluster's annotation; null without one
 * @param slotsToDrop whether replication slots of members that were scaled away are still kept
 * @param stopping whether every member is being stopped on purpose
 */
public record ClusterFacts(
        boolean tlsCaPresent,
        @Nullable Integer members,
        @Nullable String dataMajor,
        @Nullable Quantity claimSize,
        @Nullable String restartedAt,
        @Nullable String restart,
        boolean slotsToDrop,
        boolean stopping) {

    /** The facts about a cluster of which nothing exists yet. */
    public static ClusterFacts none() {
        return new ClusterFacts(false, null, null, null, null, null, false, false);
    }

    public ClusterFacts withTlsCaPresent(boolean present) {
        return new ClusterFacts(present, members, dataMajor, claimSize, restartedAt, restart, slotsToDrop, stopping);
    }

    public ClusterFacts withMembers(@Nullable Integer count) {
        return new ClusterFacts(tlsCaPresent, count, dataMajor, claimSize, restartedAt, restart, slotsToDrop, stopping);
    }

    public ClusterFacts withDataMajor(@Nullable String major) {
        return new ClusterFacts(tlsCaPresent, members, major, claimSize, restartedAt, restart, slotsToDrop, stopping);
    }

    public ClusterFacts withClaimSize(@Nullable Quantity size) {
        return new ClusterFacts(tlsCaPresent, members, dataMajor, size, restartedAt, restart, slotsToDrop, stopping);
    }

    public ClusterFacts withRestartedAt(@Nullable String time) {
        return new ClusterFacts(tlsCaPresent, members, dataMajor, claimSize, time, restart, slotsToDrop, stopping);
    }

    public ClusterFacts withRestart(@Nullable String value) {
        return new ClusterFacts(tlsCaPresent, members, dataMajor, claimSize, restartedAt, value, slotsToDrop, stopping);
    }

    public ClusterFacts withSlotsToDrop(boolean any) {
        return new ClusterFacts(tlsCaPresent, members, dataMajor, claimSize, restartedAt, restart, any, stopping);
    }

    public ClusterFacts withStopping(boolean all) {
        return new ClusterFacts(tlsCaPresent, members, dataMajor, claimSize, restartedAt, restart, slotsToDrop, all);
    }

    /** How many members to run. */
    public int membersOf(PostgresCluster cluster) {
        return members != null ? members : cluster.getSpec().replicasOrDefault();
    }

    /** The major version whose binaries run: that of the data, which an upgrade alone changes. */
    public String majorOf(PostgresCluster cluster) {
        return dataMajor != null ? dataMajor : cluster.getSpec().version();
    }
}

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
public record PodInputs(
        boolean tlsCaPresent,
        @Nullable Integer members,
        @Nullable Quantity claimSize,
        @Nullable String restartedAt,
        @Nullable String restart,
        boolean slotsToDrop) {

    /** Those of a cluster of which nothing exists yet. */
    public static PodInputs none() {
        return new PodInputs(false, null, null, null, null, false);
    }

    public PodInputs withTlsCaPresent(boolean present) {
        return new PodInputs(present, members, claimSize, restartedAt, restart, slotsToDrop);
    }

    public PodInputs withMembers(@Nullable Integer count) {
        return new PodInputs(tlsCaPresent, count, claimSize, restartedAt, restart, slotsToDrop);
    }

    public PodInputs withClaimSize(@Nullable Quantity size) {
        return new PodInputs(tlsCaPresent, members, size, restartedAt, restart, slotsToDrop);
    }

    public PodInputs withRestartedAt(@Nullable String time) {
        return new PodInputs(tlsCaPresent, members, claimSize, time, restart, slotsToDrop);
    }

    public PodInputs withRestart(@Nullable String value) {
        return new PodInputs(tlsCaPresent, members, claimSize, restartedAt, value, slotsToDrop);
    }

    public PodInputs withSlotsToDrop(boolean any) {
        return new PodInputs(tlsCaPresent, members, claimSize, restartedAt, restart, any);
    }

    /** How many members to run. */
    public int membersOf(PostgresCluster cluster) {
        return members != null ? members : cluster.getSpec().replicasOrDefault();
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Autoscaling of the readers, and when a lagging replica is no longer read from. */
@ApiType
@ValidationRule(
        value = "!has(self.minReplicas) || self.minReplicas <= (has(self.maxReplicas) ? self.maxReplicas : 10)",
        message = "scaling.minReplicas must not exceed scaling.maxReplicas")
public record ScalingSpec(
        @JsonPropertyDescription("Whether KEDA scales the cluster; absent means false, or true when metrics is given.")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Minimum number of members; absent means spec.replicas.") @Min(1) @Max(100) @Nullable
        Integer minReplicas,

        @JsonPropertyDescription("Maximum number of members.") @Default("10") @Min(1) @Max(100) @Nullable
        Integer maxReplicas,

        @JsonPropertyDescription("Target CPU utilization in percent of the CPU request; requires a CPU request.")
        @Min(1)
        @Max(100)
        @Nullable
        Integer cpuTargetUtilization,

        @JsonPropertyDescription("Target number of connections per replica.") @Min(1) @Max(1000000) @Nullable
        Integer connectionThreshold,

        @JsonPropertyDescription("Seconds the load must stay low before members are removed.")
        @Default("300")
        @Min(0)
        @Max(3600)
        @Nullable
        Integer scaleDownStabilization,

        @JsonPropertyDescription("Seconds between two measurements.") @Default("30") @Min(1) @Max(3600) @Nullable
        Integer pollingInterval,

        @JsonPropertyDescription("Seconds after the last active trigger before scaling in.")
        @Default("300")
        @Min(0)
        @Max(86400)
        @Nullable
        Integer cooldownPeriod,

        @JsonPropertyDescription(
                "Lag in time above which a replica is removed from the read Service; works without autoscaling, too.")
        @Default("30s")
        @Size(max = 32)
        @ValidationRule(
                value = "self.matches('" + Rules.DURATION_PATTERN + "') && self.matches('[1-9]')",
                message = "scaling.replicationLagThreshold must be a duration such as 30s or 2m, and longer than zero")
        @Nullable
        String replicationLagThreshold,

        @JsonPropertyDescription(
                "Lag in bytes above which a replica is removed from the read Service; replaces the threshold in time.")
        @Min(0)
        @Nullable
        Long lagThresholdBytes,

        @JsonPropertyDescription("Accepted in place of cpuTargetUtilization and connectionThreshold, which win.")
        @Nullable
        ScalingMetricsSpec metrics) {
    public int maxReplicasOrDefault() {
        return maxReplicas != null ? maxReplicas : 10;
    }

    public int scaleDownStabilizationOrDefault() {
        return scaleDownStabilization != null ? scaleDownStabilization : 300;
    }

    public int pollingIntervalOrDefault() {
        return pollingInterval != null ? pollingInterval : 30;
    }

    public int cooldownPeriodOrDefault() {
        return cooldownPeriod != null ? cooldownPeriod : 300;
    }

    public String replicationLagThresholdOrDefault() {
        return replicationLagThreshold != null ? replicationLagThreshold : "30s";
    }

    public boolean active() {
        return enabled != null ? enabled : metrics != null;
    }

    /** The CPU trigger, however it was written; null without one. */
    public @Nullable Integer cpuTarget() {
        if (cpuTargetUtilization != null || metrics == null || metrics.cpu() == null) {
            return cpuTargetUtilization;
        }
        return metrics.cpu().targetUtilization();
    }

    /** The connection trigger, however it was written; null without one. */
    public @Nullable Integer connectionTarget() {
        if (connectionThreshold != null || metrics == null || metrics.connections() == null) {
            return connectionThreshold;
        }
        return metrics.connections().targetPerReplica();
    }
}

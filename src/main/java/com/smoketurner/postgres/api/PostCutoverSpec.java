package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What happens after the cutover. */
@ApiType
public record PostCutoverSpec(
        @JsonPropertyDescription("Always true: the source is kept.")
        @Default("true")
        @ValidationRule(value = "self", message = "the source cluster is never deleted automatically")
        @Nullable
        Boolean keepSourceCluster,

        @JsonPropertyDescription("Accepted only as false: the source is kept.")
        @ValidationRule(value = "!self", message = "the source cluster is never deleted automatically")
        @Nullable
        Boolean cleanupSourceCluster,

        @JsonPropertyDescription("How long the source should be kept at least.")
        @Default("24h")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String minRetentionPeriod,

        @JsonPropertyDescription("Time between two health checks of the target.")
        @Default("1m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String healthCheckInterval,

        @JsonPropertyDescription("How long the target must stay healthy.")
        @Default("10m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String healthCheckDuration) {
    public boolean keepSourceClusterOrDefault() {
        return keepSourceCluster != null ? keepSourceCluster : true;
    }

    public String minRetentionPeriodOrDefault() {
        return minRetentionPeriod != null ? minRetentionPeriod : "24h";
    }

    public String healthCheckIntervalOrDefault() {
        return healthCheckInterval != null ? healthCheckInterval : "1m";
    }

    public String healthCheckDurationOrDefault() {
        return healthCheckDuration != null ? healthCheckDuration : "10m";
    }
}

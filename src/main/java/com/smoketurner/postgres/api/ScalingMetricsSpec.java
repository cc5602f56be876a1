package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** The triggers in their nested form. */
@ApiType
public record ScalingMetricsSpec(
        @JsonPropertyDescription("The CPU trigger.") @Nullable
        CpuMetricSpec cpu,

        @JsonPropertyDescription("The connection trigger.") @Nullable
        ConnectionsMetricSpec connections) {}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** The connection trigger in its nested form. */
@ApiType
public record ConnectionsMetricSpec(
        @JsonPropertyDescription("The same as scaling.connectionThreshold.") @Min(1) @Max(1000000) @Nullable
        Integer targetPerReplica) {}

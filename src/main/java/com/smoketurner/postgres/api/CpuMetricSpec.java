package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** The CPU trigger in its nested form. */
@ApiType
public record CpuMetricSpec(
        @JsonPropertyDescription("The same as scaling.cpuTargetUtilization.") @Min(1) @Max(100) @Nullable
        Integer targetUtilization) {}

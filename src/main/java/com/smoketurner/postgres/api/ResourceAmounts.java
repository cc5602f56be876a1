package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** An amount of CPU and memory. */
@ApiType
public record ResourceAmounts(
        @JsonPropertyDescription("CPU, for example 500m or 2.")
        @ValidationRule(value = Rules.QUANTITY, message = Rules.QUANTITY_MESSAGE)
        @Nullable
        Quantity cpu,

        @JsonPropertyDescription("Memory, for example 512Mi or 4Gi.")
        @ValidationRule(value = Rules.QUANTITY, message = Rules.QUANTITY_MESSAGE)
        @Nullable
        Quantity memory) {}

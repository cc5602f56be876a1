package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One aspect of a resource, in the shape Kubernetes itself uses. */
@ApiType
public record Condition(
        @JsonPropertyDescription("Type of the condition, unique in the list.") @Required @Size(min = 1, max = 316)
        String type,

        @JsonPropertyDescription("Status of the condition: True, False, or Unknown when the facts could not be read.")
        @Required
        @SchemaFrom(type = ConditionStatus.class)
        String status,

        @JsonPropertyDescription("Machine-readable reason of the status, in CamelCase.")
        @Required
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @Size(min = 1, max = 1024)
        String reason,

        @JsonPropertyDescription("Human-readable reason, and what to do next.") @Required @Size(max = 32768)
        String message,

        @JsonPropertyDescription("When status last changed; a change of reason or message alone does not move it.")
        @Required
        String lastTransitionTime,

        @JsonPropertyDescription("metadata.generation for which the condition was computed.") @Min(0) @Nullable
        Long observedGeneration) {}

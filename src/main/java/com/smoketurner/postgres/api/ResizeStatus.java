package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The in-place resize of one pod. */
@ApiType
public record ResizeStatus(
        @JsonPropertyDescription("Name of the pod.") @JsonProperty("pod_name") @Required
        String podName,

        @JsonPropertyDescription("State of the resize.") @Nullable
        ResizeState status,

        @JsonPropertyDescription("CPU request the node has allocated.") @JsonProperty("allocated_cpu") @Nullable
        String allocatedCpu,

        @JsonPropertyDescription("Memory request the node has allocated.") @JsonProperty("allocated_memory") @Nullable
        String allocatedMemory,

        @JsonPropertyDescription("Why the resize waits or cannot be done.") @Nullable
        String message,

        @JsonPropertyDescription("When status last changed.") @JsonProperty("last_transition_time") @Nullable
        String lastTransitionTime) {}

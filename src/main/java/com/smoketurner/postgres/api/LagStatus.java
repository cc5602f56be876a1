package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** How far one replica is behind. */
@ApiType
public record LagStatus(
        @JsonPropertyDescription("Name of the pod.") @Required
        String podName,

        @JsonPropertyDescription("WAL in bytes that the replica has not replayed.") @Nullable
        Long lagBytes,

        @JsonPropertyDescription("The lag as a time, for example 1.5s.") @Nullable
        String lagTime,

        @JsonPropertyDescription(
                "Whether the lag exceeds the threshold, which removes the replica from the read Service.")
        @Nullable
        Boolean exceedsThreshold,

        @JsonPropertyDescription("When the lag was measured.") @Nullable
        String lastMeasured,

        @JsonPropertyDescription("State of the replication connection, for example streaming.") @Nullable
        String state) {}

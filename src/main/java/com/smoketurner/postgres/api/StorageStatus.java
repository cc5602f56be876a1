package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** State of the volumes. */
@ApiType
public record StorageStatus(
        @JsonPropertyDescription("Requested size.") @Nullable
        String requested,

        @JsonPropertyDescription("Smallest capacity among the volumes.") @Nullable
        String capacity) {}

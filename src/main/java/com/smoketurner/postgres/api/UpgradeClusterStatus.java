package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One of the two clusters of an upgrade. */
@ApiType
public record UpgradeClusterStatus(
        @JsonPropertyDescription("Name of the cluster.") @Nullable
        String name,

        @JsonPropertyDescription("Major version it runs.") @Nullable
        String version,

        @JsonPropertyDescription("Whether it is Ready.") @Nullable
        Boolean ready,

        @JsonPropertyDescription("Where it serves.") @Nullable
        HostPort connectionInfo) {}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Whether and how the upgrade can be rolled back. */
@ApiType
public record RollbackStatus(
        @JsonPropertyDescription("Whether a rollback is possible now.") @Nullable
        Boolean feasible,

        @JsonPropertyDescription("Why, or why not.") @Nullable
        String reason,

        @JsonPropertyDescription("Whether a rollback would lose writes made on the target.") @Nullable
        Boolean dataLossRisk,

        @JsonPropertyDescription("When the source was last written.") @Nullable
        String lastSourceWrite,

        @JsonPropertyDescription("When the target was first written after the cutover.") @Nullable
        String firstTargetWrite) {}

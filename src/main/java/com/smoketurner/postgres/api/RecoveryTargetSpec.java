package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The older way to write restore.target. */
@ApiType
public record RecoveryTargetSpec(
        @JsonPropertyDescription("The same as restore.target.time.")
        @Size(max = 64)
        @ValidationRule(value = Rules.RFC3339, message = Rules.RFC3339_MESSAGE)
        @Nullable
        String time,

        @JsonPropertyDescription("The same as restore.target.backupName.")
        @Pattern("^(LATEST|base_[0-9A-Fa-f]+(_D_[0-9A-Fa-f]+)?|[0-9]{8}-[0-9]{6}F(_[0-9]{8}-[0-9]{6}[DI])?)$")
        @Size(max = 128)
        @Nullable
        String backup,

        @JsonPropertyDescription("The same as restore.target.timeline.") @Min(1) @Nullable
        Integer timeline) {}

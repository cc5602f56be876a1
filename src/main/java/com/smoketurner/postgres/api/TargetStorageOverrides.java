package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Storage of the target. */
@ApiType
public record TargetStorageOverrides(
        @JsonPropertyDescription(
                "Size of each member's data volume; absent means the source's. It must hold the data of the source.")
        @Size(max = 64)
        @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
        @Nullable
        String size) {}

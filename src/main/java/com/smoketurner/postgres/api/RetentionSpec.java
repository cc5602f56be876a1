package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Which backups are kept. */
@ApiType
public record RetentionSpec(
        @JsonPropertyDescription("How many full backups are kept.") @Min(1) @Max(10000) @Nullable
        Integer count,

        @JsonPropertyDescription(
                "Age beyond which backups are deleted: a number with h, d, w or m (months of 30 days).")
        @Pattern("^[0-9]+(h|d|w|m)$")
        @Size(max = 16)
        @Nullable
        String maxAge) {}

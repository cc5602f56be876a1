package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** A table whose numbers of rows differ. */
@ApiType
public record TableMismatch(
        @JsonPropertyDescription("Database of the table.") @Nullable
        String database,

        @JsonPropertyDescription("Schema of the table.") @Nullable
        String schema,

        @JsonPropertyDescription("Name of the table.") @Required
        String table,

        @JsonPropertyDescription("Rows in the source.") @Nullable
        Long sourceCount,

        @JsonPropertyDescription("Rows in the target.") @Nullable
        Long targetCount,

        @JsonPropertyDescription("Rows in the target minus rows in the source.") @Nullable
        Long difference) {}

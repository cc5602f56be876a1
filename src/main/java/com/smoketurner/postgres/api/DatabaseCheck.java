package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A query that proves a restored backup. */
@ApiType
public record DatabaseCheck(
        @JsonPropertyDescription("Database in which the query runs.")
        @Default("postgres")
        @Size(min = 1, max = 63)
        @Nullable
        String database,

        @JsonPropertyDescription("SELECT that must return at least one row.") @Required @Size(min = 1, max = 4096)
        String query) {
    public String databaseOrDefault() {
        return database != null ? database : "postgres";
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Result of the last comparison. */
@ApiType
public record VerificationStatus(
        @JsonPropertyDescription("When it was made.") @Nullable
        String lastCheckTime,

        @JsonPropertyDescription("Tables compared.") @Nullable
        Integer tablesVerified,

        @JsonPropertyDescription("Tables that agree.") @Nullable
        Integer tablesMatched,

        @JsonPropertyDescription("Tables that differ.") @Nullable
        Integer tablesMismatched,

        @JsonPropertyDescription("Successful comparisons in a row.") @Nullable
        Integer consecutivePasses,

        @JsonPropertyDescription("The tables that differ, at most 50.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        List<TableMismatch> mismatchedTables) {
    public VerificationStatus {
        mismatchedTables = Copies.list(mismatchedTables);
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copy of the sequences. */
@ApiType
public record SequenceStatus(
        @JsonPropertyDescription("Whether all sequences have been copied.") @Nullable
        Boolean synced,

        @JsonPropertyDescription("Sequences copied.") @Nullable
        Integer syncedCount,

        @JsonPropertyDescription("Sequences that could not be copied.") @Nullable
        Integer failedCount,

        @JsonPropertyDescription("Names of those that could not be copied.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<String> failedSequences,

        @JsonPropertyDescription("When they were copied.") @Nullable
        String syncedAt) {
    public SequenceStatus {
        failedSequences = Copies.list(failedSequences);
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** How commits are replicated. */
@ApiType
public record ReplicationSpec(
        @JsonPropertyDescription(
                "async: a commit waits for no replica; sync: it waits for the named synchronous replicas; quorum: it waits for any minSync of the replicas.")
        @Default("async")
        @Nullable
        ReplicationMode mode,

        @JsonPropertyDescription("How many replicas must have a commit in the modes sync and quorum.")
        @Default("1")
        @Min(1)
        @Max(99)
        @Nullable
        Integer minSync) {
    public ReplicationMode modeOrDefault() {
        return mode != null ? mode : ReplicationMode.ASYNC;
    }

    public int minSyncOrDefault() {
        return minSync != null ? minSync : 1;
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import org.jspecify.annotations.Nullable;

/** Continuous archiving of the write-ahead log. */
@ApiType
public record WalArchivingSpec(
        @JsonPropertyDescription("Whether WAL is archived; without it a restore reaches the end of a base backup only.")
        @Default("true")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Seconds a restore waits for one WAL file; 0 means no limit.")
        @Default("0")
        @Min(0)
        @Max(86400)
        @Nullable
        Integer restoreTimeout) {
    public boolean enabledOrDefault() {
        return enabled != null ? enabled : true;
    }

    public int restoreTimeoutOrDefault() {
        return restoreTimeout != null ? restoreTimeout : 0;
    }
}

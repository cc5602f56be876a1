package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** When the cutover happens. */
@ApiType
public record CutoverSpec(
        @JsonPropertyDescription(
                "Manual waits for the cutover annotation; Automatic cuts over as soon as every check passes.")
        @Default("Manual")
        @Nullable
        CutoverMode mode,

        @JsonPropertyDescription("Window in which an automatic cutover may happen; absent means always.") @Nullable
        MaintenanceWindow allowedWindow) {
    public CutoverMode modeOrDefault() {
        return mode != null ? mode : CutoverMode.MANUAL;
    }
}

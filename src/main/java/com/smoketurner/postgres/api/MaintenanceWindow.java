package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A daily window of time; it may cross midnight. */
@ApiType
@ValidationRule(
        value = "has(self.startTime) == has(self.endTime)",
        message = "allowedWindow needs both startTime and endTime, or none of them")
public record MaintenanceWindow(
        @JsonPropertyDescription("Start of the window, HH:MM.")
        @Pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$")
        @Size(max = 5)
        @Nullable
        String startTime,

        @JsonPropertyDescription("End of the window, HH:MM.")
        @Pattern("^([01][0-9]|2[0-3]):[0-5][0-9]$")
        @Size(max = 5)
        @Nullable
        String endTime,

        @JsonPropertyDescription("IANA time zone of both.")
        @Default("UTC")
        @Pattern(Rules.TIME_ZONE)
        @Size(min = 1, max = 64)
        @Nullable
        String timezone) {
    public String timezoneOrDefault() {
        return timezone != null ? timezone : "UTC";
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The metrics exporter. */
@ApiType
public record MetricsSpec(
        @JsonPropertyDescription("Whether to add the exporter container to every member.") @Default("false") @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Port of the exporter.")
        @Default("9187")
        @Min(1024)
        @Max(65535)
        @ValidationRule(
                value = "!(self in [5432, 8008, 8432])",
                message =
                        "metrics.port must not be 5432, 8008 or 8432: PostgreSQL, Patroni and the backup engine use them")
        @Nullable
        Integer port,

        @JsonPropertyDescription("Image of the exporter; absent means the operator's default.")
        @Size(min = 1, max = 512)
        @Nullable
        String image) {
    public boolean enabledOrDefault() {
        return enabled != null ? enabled : false;
    }

    public int portOrDefault() {
        return port != null ? port : 9187;
    }
}

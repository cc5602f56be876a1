package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings in which the target cluster differs from the source. */
@ApiType
public record TargetClusterOverrides(
        @JsonPropertyDescription("Name of the target cluster; absent means <upgrade>-target. Fixed at creation.")
        @Size(max = 50)
        @ValidationRule(
                value = "self.matches('" + Rules.CLUSTER_NAME_PATTERN + "') && !self.matches('"
                        + Rules.CLUSTER_NAME_SUFFIXES + "')",
                message = Rules.CLUSTER_NAME_MESSAGE)
        @Nullable
        String name,

        @JsonPropertyDescription("Members; absent means the source's.") @Min(1) @Max(100) @Nullable
        Integer replicas,

        @JsonPropertyDescription("CPU and memory; absent means the source's.") @Nullable
        ResourcesSpec resources,

        @JsonPropertyDescription("Labels merged into those of the source.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        @ValidationRule(value = Rules.LABEL_KEYS, message = Rules.LABEL_KEYS_MESSAGE)
        Map<String, @Size(max = 63) @Pattern(Rules.LABEL_VALUE_PATTERN) String> labels,

        @JsonPropertyDescription("Storage of the target.") @Nullable
        TargetStorageOverrides storage) {
    public TargetClusterOverrides {
        labels = Copies.map(labels);
    }
}

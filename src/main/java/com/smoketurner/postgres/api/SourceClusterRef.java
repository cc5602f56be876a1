package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** The cluster to upgrade. */
@ApiType
public record SourceClusterRef(
        @JsonPropertyDescription("Name of the source cluster. Fixed at creation.") @Required @Size(min = 1, max = 63)
        String name,

        @JsonPropertyDescription("Namespace of the source cluster; only the upgrade's own is supported.")
        @Pattern(Rules.DNS_LABEL)
        @Size(min = 1, max = 63)
        @Nullable
        String namespace) {}

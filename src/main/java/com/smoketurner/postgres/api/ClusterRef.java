package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Names a PostgresCluster. */
@ApiType
public record ClusterRef(
        @JsonPropertyDescription("Name of the PostgresCluster.") @Required @Size(min = 1, max = 63)
        String name,

        @JsonPropertyDescription(
                "Namespace of the PostgresCluster; absent means the resource's own. Another one has to permit it by annotation.")
        @Pattern(Rules.DNS_LABEL)
        @Size(min = 1, max = 63)
        @Nullable
        String namespace) {}

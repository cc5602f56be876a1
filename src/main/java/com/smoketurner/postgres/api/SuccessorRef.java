package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** The other cluster of a finished upgrade. */
@ApiType
public record SuccessorRef(
        @JsonPropertyDescription("Name of the cluster.") @Required
        String name,

        @JsonPropertyDescription("Its namespace.") @Nullable String namespace,

        @JsonPropertyDescription("The PostgresUpgrade that did it.") @Nullable
        String upgradeName,

        @JsonPropertyDescription("When the link was made.") @Nullable
        String createdAt) {}

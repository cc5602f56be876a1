package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** State of the passwords. */
@ApiType
public record CredentialsStatus(
        @JsonPropertyDescription("Identifies the active passwords without revealing them.") @Nullable
        Long revision,

        @JsonPropertyDescription("When they last changed.") @Nullable
        String lastRotatedAt) {}

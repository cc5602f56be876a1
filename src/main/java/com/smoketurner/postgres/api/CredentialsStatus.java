package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** State of the passwords. */
@ApiType
public record CredentialsStatus(
        @JsonPropertyDescription("How often passwords have been set on the servers, the first ones included.") @Nullable
        Long revision,

        @JsonPropertyDescription("When they last changed; absent before the first change.") @Nullable
        String lastRotatedAt) {}

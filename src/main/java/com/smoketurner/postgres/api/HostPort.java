package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Where to connect. */
@ApiType
public record HostPort(
        @JsonPropertyDescription("Host name.") @Nullable String host,
        @JsonPropertyDescription("Port.") @Nullable Integer port) {}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Where the database is. */
@ApiType
public record DatabaseConnectionInfo(
        @JsonPropertyDescription("Host name for reading and writing.") @Nullable
        String host,

        @JsonPropertyDescription("Port.") @Nullable Integer port,

        @JsonPropertyDescription("Name of the database.") @Nullable
        String database) {}

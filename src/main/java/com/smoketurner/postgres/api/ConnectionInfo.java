package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** Where clients connect. */
@ApiType
public record ConnectionInfo(
        @JsonPropertyDescription("Host and port for reading and writing.") @Nullable
        String primary,

        @JsonPropertyDescription("Host and port for reading; absent without replicas.") @Nullable
        String replicas,

        @JsonPropertyDescription("Host and port of the pooler in front of the primary; absent without it.") @Nullable
        String pooler,

        @JsonPropertyDescription("Host and port of the pooler in front of the replicas; absent without it.") @Nullable
        String poolerReplicas,

        @JsonPropertyDescription("Secret with the password of the superuser.") @Nullable
        String credentialsSecret,

        @JsonPropertyDescription("Database that always exists.") @Nullable
        String database) {}

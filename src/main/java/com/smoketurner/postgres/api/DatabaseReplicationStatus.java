package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** Replication of one database. */
@ApiType
public record DatabaseReplicationStatus(
        @JsonPropertyDescription("Name of the database.") @Required
        String name,

        @JsonPropertyDescription("State of the replication.") @Nullable
        UpgradeReplicationState status,

        @JsonPropertyDescription("WAL in bytes that the target has not confirmed.") @Nullable
        Long lagBytes,

        @JsonPropertyDescription("Seconds since the target last confirmed everything.") @Nullable
        Long lagSeconds,

        @JsonPropertyDescription("Whether the target confirmed exactly the position of the source.") @Nullable
        Boolean lsnInSync,

        @JsonPropertyDescription("WAL position of the source.") @Nullable
        String sourceLsn,

        @JsonPropertyDescription("WAL position the target confirmed.") @Nullable
        String targetLsn,

        @JsonPropertyDescription("When that was measured.") @Nullable
        String lastSyncTime,

        @JsonPropertyDescription("Publication on the source.") @Nullable
        String publicationName,

        @JsonPropertyDescription("Subscription on the target.") @Nullable
        String subscriptionName) {}

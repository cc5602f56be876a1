package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Replication from source to target. */
@ApiType
public record UpgradeReplicationStatus(
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
        String subscriptionName,

        @JsonPropertyDescription("Replication of each database.") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<DatabaseReplicationStatus> databases) {
    public UpgradeReplicationStatus {
        databases = Copies.list(databases);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.status = status;
        copy.lagBytes = lagBytes;
        copy.lagSeconds = lagSeconds;
        copy.lsnInSync = lsnInSync;
        copy.sourceLsn = sourceLsn;
        copy.targetLsn = targetLsn;
        copy.lastSyncTime = lastSyncTime;
        copy.publicationName = publicationName;
        copy.subscriptionName = subscriptionName;
        copy.databases = databases;
        return copy;
    }

    /** Sets components one by one; what is not set is absent. */
    public static final class Builder {
        private @Nullable UpgradeReplicationState status;
        private @Nullable Long lagBytes;
        private @Nullable Long lagSeconds;
        private @Nullable Boolean lsnInSync;
        private @Nullable String sourceLsn;
        private @Nullable String targetLsn;
        private @Nullable String lastSyncTime;
        private @Nullable String publicationName;
        private @Nullable String subscriptionName;
        private List<DatabaseReplicationStatus> databases = List.of();

        private Builder() {}

        public Builder status(@Nullable UpgradeReplicationState value) {
            this.status = value;
            return this;
        }

        public Builder lagBytes(@Nullable Long value) {
            this.lagBytes = value;
            return this;
        }

        public Builder lagSeconds(@Nullable Long value) {
            this.lagSeconds = value;
            return this;
        }

        public Builder lsnInSync(@Nullable Boolean value) {
            this.lsnInSync = value;
            return this;
        }

        public Builder sourceLsn(@Nullable String value) {
            this.sourceLsn = value;
            return this;
        }

        public Builder targetLsn(@Nullable String value) {
            this.targetLsn = value;
            return this;
        }

        public Builder lastSyncTime(@Nullable String value) {
            this.lastSyncTime = value;
            return this;
        }

        public Builder publicationName(@Nullable String value) {
            this.publicationName = value;
            return this;
        }

        public Builder subscriptionName(@Nullable String value) {
            this.subscriptionName = value;
            return this;
        }

        public Builder databases(List<DatabaseReplicationStatus> value) {
            this.databases = value;
            return this;
        }

        public UpgradeReplicationStatus build() {
            return new UpgradeReplicationStatus(
                    status,
                    lagBytes,
                    lagSeconds,
                    lsnInSync,
                    sourceLsn,
                    targetLsn,
                    lastSyncTime,
                    publicationName,
                    subscriptionName,
                    databases);
        }
    }
}

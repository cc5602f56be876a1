package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the cluster was restored from; written once. */
@ApiType
public record RestoredFrom(
        @JsonPropertyDescription("Kind of the object store.") @Nullable
        String sourceType,

        @JsonPropertyDescription("Full location of the backups.") @Nullable
        String sourcePrefix,

        @JsonPropertyDescription("Name of the source cluster.") @Nullable
        String sourceCluster,

        @JsonPropertyDescription("Base backup that was used.") @Nullable
        String backupName,

        @JsonPropertyDescription("The requested recovery target.") @Nullable
        String pitrTarget,

        @JsonPropertyDescription("When the restore started.") @Nullable
        String restoreStartedAt,

        @JsonPropertyDescription("When it was complete.") @Nullable
        String restoreTime,

        @JsonPropertyDescription("The position or time that was reached.") @Nullable
        String recoveredTo) {
    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.sourceType = sourceType;
        copy.sourcePrefix = sourcePrefix;
        copy.sourceCluster = sourceCluster;
        copy.backupName = backupName;
        copy.pitrTarget = pitrTarget;
        copy.restoreStartedAt = restoreStartedAt;
        copy.restoreTime = restoreTime;
        copy.recoveredTo = recoveredTo;
        return copy;
    }

    /** Sets components one by one; what is not set is absent. */
    public static final class Builder {
        private @Nullable String sourceType;
        private @Nullable String sourcePrefix;
        private @Nullable String sourceCluster;
        private @Nullable String backupName;
        private @Nullable String pitrTarget;
        private @Nullable String restoreStartedAt;
        private @Nullable String restoreTime;
        private @Nullable String recoveredTo;

        private Builder() {}

        public Builder sourceType(@Nullable String value) {
            this.sourceType = value;
            return this;
        }

        public Builder sourcePrefix(@Nullable String value) {
            this.sourcePrefix = value;
            return this;
        }

        public Builder sourceCluster(@Nullable String value) {
            this.sourceCluster = value;
            return this;
        }

        public Builder backupName(@Nullable String value) {
            this.backupName = value;
            return this;
        }

        public Builder pitrTarget(@Nullable String value) {
            this.pitrTarget = value;
            return this;
        }

        public Builder restoreStartedAt(@Nullable String value) {
            this.restoreStartedAt = value;
            return this;
        }

        public Builder restoreTime(@Nullable String value) {
            this.restoreTime = value;
            return this;
        }

        public Builder recoveredTo(@Nullable String value) {
            this.recoveredTo = value;
            return this;
        }

        public RestoredFrom build() {
            return new RestoredFrom(
                    sourceType,
                    sourcePrefix,
                    sourceCluster,
                    backupName,
                    pitrTarget,
                    restoreStartedAt,
                    restoreTime,
                    recoveredTo);
        }
    }
}

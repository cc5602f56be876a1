package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How far an upgrade is. */
@ApiType
public record PostgresUpgradeStatus(
        @JsonPropertyDescription("Phase of the upgrade.") @Nullable
        UpgradePhase phase,

        @JsonPropertyDescription("The metadata.generation that has been processed in full.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("When the upgrade left Pending.") @Nullable
        String startedAt,

        @JsonPropertyDescription("When it ended.") @Nullable String completedAt,

        @JsonPropertyDescription("When the phase was reached.") @Nullable
        String phaseStartedAt,

        @JsonPropertyDescription("When the cutover started.") @Nullable
        String cutoverStartedAt,

        @JsonPropertyDescription("What the upgrade is doing or waiting for.") @Nullable
        String message,

        @JsonPropertyDescription("The source.") @Nullable UpgradeClusterStatus sourceCluster,
        @JsonPropertyDescription("The target.") @Nullable UpgradeClusterStatus targetCluster,

        @JsonPropertyDescription("Replication from source to target.") @Nullable
        UpgradeReplicationStatus replication,

        @JsonPropertyDescription("Result of the last comparison.") @Nullable
        VerificationStatus verification,

        @JsonPropertyDescription("Copy of the sequences.") @Nullable
        SequenceStatus sequences,

        @JsonPropertyDescription("Whether and how the upgrade can be rolled back.") @Nullable
        RollbackStatus rollback,

        @JsonPropertyDescription("Conditions of the upgrade, one of each type.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        List<Condition> conditions,

        @JsonPropertyDescription("Failed attempts in a row; absent after a success.") @Nullable
        Integer retryCount,

        @JsonPropertyDescription("The current failure; absent after a success.") @Nullable
        String lastError,

        @JsonPropertyDescription("When it occurred; absent after a success.") @Nullable
        String lastErrorTime) {
    public PostgresUpgradeStatus {
        conditions = Copies.list(conditions);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.phase = phase;
        copy.observedGeneration = observedGeneration;
        copy.startedAt = startedAt;
        copy.completedAt = completedAt;
        copy.phaseStartedAt = phaseStartedAt;
        copy.cutoverStartedAt = cutoverStartedAt;
        copy.message = message;
        copy.sourceCluster = sourceCluster;
        copy.targetCluster = targetCluster;
        copy.replication = replication;
        copy.verification = verification;
        copy.sequences = sequences;
        copy.rollback = rollback;
        copy.conditions = conditions;
        copy.retryCount = retryCount;
        copy.lastError = lastError;
        copy.lastErrorTime = lastErrorTime;
        return copy;
    }

    /** Sets components one by one; what is not set is absent. */
    public static final class Builder {
        private @Nullable UpgradePhase phase;
        private @Nullable Long observedGeneration;
        private @Nullable String startedAt;
        private @Nullable String completedAt;
        private @Nullable String phaseStartedAt;
        private @Nullable String cutoverStartedAt;
        private @Nullable String message;
        private @Nullable UpgradeClusterStatus sourceCluster;
        private @Nullable UpgradeClusterStatus targetCluster;
        private @Nullable UpgradeReplicationStatus replication;
        private @Nullable VerificationStatus verification;
        private @Nullable SequenceStatus sequences;
        private @Nullable RollbackStatus rollback;
        private List<Condition> conditions = List.of();
        private @Nullable Integer retryCount;
        private @Nullable String lastError;
        private @Nullable String lastErrorTime;

        private Builder() {}

        public Builder phase(@Nullable UpgradePhase value) {
            this.phase = value;
            return this;
        }

        public Builder observedGeneration(@Nullable Long value) {
            this.observedGeneration = value;
            return this;
        }

        public Builder startedAt(@Nullable String value) {
            this.startedAt = value;
            return this;
        }

        public Builder completedAt(@Nullable String value) {
            this.completedAt = value;
            return this;
        }

        public Builder phaseStartedAt(@Nullable String value) {
            this.phaseStartedAt = value;
            return this;
        }

        public Builder cutoverStartedAt(@Nullable String value) {
            this.cutoverStartedAt = value;
            return this;
        }

        public Builder message(@Nullable String value) {
            this.message = value;
            return this;
        }

        public Builder sourceCluster(@Nullable UpgradeClusterStatus value) {
            this.sourceCluster = value;
            return this;
        }

        public Builder targetCluster(@Nullable UpgradeClusterStatus value) {
            this.targetCluster = value;
            return this;
        }

        public Builder replication(@Nullable UpgradeReplicationStatus value) {
            this.replication = value;
            return this;
        }

        public Builder verification(@Nullable VerificationStatus value) {
            this.verification = value;
            return this;
        }

        public Builder sequences(@Nullable SequenceStatus value) {
            this.sequences = value;
            return this;
        }

        public Builder rollback(@Nullable RollbackStatus value) {
            this.rollback = value;
            return this;
        }

        public Builder conditions(List<Condition> value) {
            this.conditions = value;
            return this;
        }

        public Builder retryCount(@Nullable Integer value) {
            this.retryCount = value;
            return this;
        }

        public Builder lastError(@Nullable String value) {
            this.lastError = value;
            return this;
        }

        public Builder lastErrorTime(@Nullable String value) {
            this.lastErrorTime = value;
            return this;
        }

        public PostgresUpgradeStatus build() {
            return new PostgresUpgradeStatus(
                    phase,
                    observedGeneration,
                    startedAt,
                    completedAt,
                    phaseStartedAt,
                    cutoverStartedAt,
                    message,
                    sourceCluster,
                    targetCluster,
                    replication,
                    verification,
                    sequences,
                    rollback,
                    conditions,
                    retryCount,
                    lastError,
                    lastErrorTime);
        }
    }
}

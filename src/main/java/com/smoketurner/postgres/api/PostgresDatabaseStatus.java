package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator did for a database. */
@ApiType
public record PostgresDatabaseStatus(
        @JsonPropertyDescription("Phase of the lifecycle of the database.") @Nullable
        DatabasePhase phase,

        @JsonPropertyDescription("The metadata.generation that has been processed in full.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Whether the database was complete at least once.") @Nullable
        Boolean provisioned,

        @JsonPropertyDescription("Secret of the owner's role if there is one, else of the first role with a Secret.")
        @Nullable
        String secretName,

        @JsonPropertyDescription("The same Secret as the Service Binding specification names it.") @Nullable
        DatabaseBinding binding,

        @JsonPropertyDescription("All Secrets with credentials of this resource.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> credentialSecrets,

        @JsonPropertyDescription("Where the database is.") @Nullable
        DatabaseConnectionInfo connectionInfo,

        @JsonPropertyDescription("Conditions of the database, one of each type.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        List<Condition> conditions,

        @JsonPropertyDescription("Privileges that the operator has granted.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 200)
        List<AppliedGrant> appliedGrants,

        @JsonPropertyDescription("The current failure; absent after a success.") @Nullable
        String lastError) {
    public PostgresDatabaseStatus {
        credentialSecrets = Copies.list(credentialSecrets);
        conditions = Copies.list(conditions);
        appliedGrants = Copies.list(appliedGrants);
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.phase = phase;
        copy.observedGeneration = observedGeneration;
        copy.provisioned = provisioned;
        copy.secretName = secretName;
        copy.binding = binding;
        copy.credentialSecrets = credentialSecrets;
        copy.connectionInfo = connectionInfo;
        copy.conditions = conditions;
        copy.appliedGrants = appliedGrants;
        copy.lastError = lastError;
        return copy;
    }

    /** Sets components one by one; what is not set is absent. */
    public static final class Builder {
        private @Nullable DatabasePhase phase;
        private @Nullable Long observedGeneration;
        private @Nullable Boolean provisioned;
        private @Nullable String secretName;
        private @Nullable DatabaseBinding binding;
        private List<String> credentialSecrets = List.of();
        private @Nullable DatabaseConnectionInfo connectionInfo;
        private List<Condition> conditions = List.of();
        private List<AppliedGrant> appliedGrants = List.of();
        private @Nullable String lastError;

        private Builder() {}

        public Builder phase(@Nullable DatabasePhase value) {
            this.phase = value;
            return this;
        }

        public Builder observedGeneration(@Nullable Long value) {
            this.observedGeneration = value;
            return this;
        }

        public Builder provisioned(@Nullable Boolean value) {
            this.provisioned = value;
            return this;
        }

        public Builder secretName(@Nullable String value) {
            this.secretName = value;
            return this;
        }

        public Builder binding(@Nullable DatabaseBinding value) {
            this.binding = value;
            return this;
        }

        public Builder credentialSecrets(List<String> value) {
            this.credentialSecrets = value;
            return this;
        }

        public Builder connectionInfo(@Nullable DatabaseConnectionInfo value) {
            this.connectionInfo = value;
            return this;
        }

        public Builder conditions(List<Condition> value) {
            this.conditions = value;
            return this;
        }

        public Builder appliedGrants(List<AppliedGrant> value) {
            this.appliedGrants = value;
            return this;
        }

        public Builder lastError(@Nullable String value) {
            this.lastError = value;
            return this;
        }

        public PostgresDatabaseStatus build() {
            return new PostgresDatabaseStatus(
                    phase,
                    observedGeneration,
                    provisioned,
                    secretName,
                    binding,
                    credentialSecrets,
                    connectionInfo,
                    conditions,
                    appliedGrants,
                    lastError);
        }
    }
}

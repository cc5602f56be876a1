package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator observed of a cluster. Absent components are not written. */
@ApiType
public record PostgresClusterStatus(
        @JsonPropertyDescription("Phase of the lifecycle of the cluster.") @Nullable
        ClusterPhase phase,

        @JsonPropertyDescription("The metadata.generation that has been processed in full.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Desired members.") @StatusReplicas @Nullable
        Integer replicas,

        @JsonPropertyDescription("Members that are Ready.") @Nullable
        Integer readyReplicas,

        @JsonPropertyDescription("Label selector of the members, for the scale subresource.") @LabelSelector @Nullable
        String selector,

        @JsonPropertyDescription("The pod that is the primary.") @Nullable
        String primaryPod,

        @JsonPropertyDescription("The pod that was the primary before; present only while none is.") @Nullable
        String lastPrimaryPod,

        @JsonPropertyDescription("The pods that are replicas.") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> replicaPods,

        @JsonPropertyDescription("Desired members before the running scaling; absent otherwise.") @Nullable
        Integer previousReplicas,

        @JsonPropertyDescription("Major version the primary reports.") @Pattern("^[0-9]+$") @Size(max = 3) @Nullable
        String currentVersion,

        @JsonPropertyDescription("Full version the primary reports, for example 16.4.") @Nullable
        String serverVersion,

        @JsonPropertyDescription("When the phase was reached.") @Nullable
        String phaseStartedAt,

        @JsonPropertyDescription("Conditions of the cluster, one of each type.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        List<Condition> conditions,

        @JsonPropertyDescription("Failed attempts in a row; absent after a success.") @Nullable
        Integer retryCount,

        @JsonPropertyDescription("The current failure; absent after a success.") @Nullable
        String lastError,

        @JsonPropertyDescription("When it occurred; absent after a success.") @Nullable
        String lastErrorTime,

        @JsonPropertyDescription("Whether the running servers encrypt connections.") @Nullable
        Boolean tlsEnabled,

        @JsonPropertyDescription("When the members' certificate expires; absent without TLS and before it is issued.")
        @Nullable
        String certificateExpiresAt,

        @JsonPropertyDescription("Whether poolers run.") @Nullable
        Boolean pgbouncerEnabled,

        @JsonPropertyDescription("Ready pods of all poolers.") @Nullable
        Integer pgbouncerReadyReplicas,

        @JsonPropertyDescription("Where clients connect.") @Nullable
        ConnectionInfo connectionInfo,

        @JsonPropertyDescription("The members one by one.") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<MemberStatus> pods,

        @JsonPropertyDescription("In-place resize of each pod; present on Kubernetes 1.35 and later.")
        @JsonProperty("resize_status")
        @Nullable
        List<ResizeStatus> resizeStatus,

        @JsonPropertyDescription("Whether every pod runs the current template with the requested resources.")
        @JsonProperty("all_pods_synced")
        @Nullable
        Boolean allPodsSynced,

        @JsonPropertyDescription("Lag of each replica.") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<LagStatus> replicationLag,

        @JsonPropertyDescription("Largest lag in bytes.") @Nullable
        Long maxReplicationLagBytes,

        @JsonPropertyDescription("Whether the lag of any replica exceeds the threshold.") @Nullable
        Boolean replicasLagging,

        @JsonPropertyDescription("State of the backups.") @Nullable
        BackupStatus backup,

        @JsonPropertyDescription("What the cluster was restored from.") @Nullable
        RestoredFrom restoredFrom,

        @JsonPropertyDescription("The last change to another major version in place.") @Nullable
        VersionUpgrade versionUpgrade,

        @JsonPropertyDescription("The cluster that replaced this one.") @Nullable
        SuccessorRef successor,

        @JsonPropertyDescription("The cluster that this one replaced.") @Nullable
        SuccessorRef origin,

        @JsonPropertyDescription("State of the passwords.") @Nullable
        CredentialsStatus credentials,

        @JsonPropertyDescription("State of the volumes.") @Nullable
        StorageStatus storage) {
    public PostgresClusterStatus {
        replicaPods = Copies.list(replicaPods);
        conditions = Copies.list(conditions);
        pods = Copies.list(pods);
        resizeStatus = resizeStatus == null ? null : List.copyOf(resizeStatus);
        replicationLag = Copies.list(replicationLag);
    }

    /**
     * For how long the phase has been as it is.
     *
     * @param now the end of that time
     * @return zero when it is not known since when
     */
    public Duration timeInPhase(Instant now) {
        return phaseStartedAt == null ? Duration.ZERO : Duration.between(Instant.parse(phaseStartedAt), now);
    }

    /** When the change that is in progress began; null while none is. */
    public @Nullable Instant changingSince() {
        boolean changing = phase == ClusterPhase.SCALING || phase == ClusterPhase.UPDATING;
        return changing && phaseStartedAt != null ? Instant.parse(phaseStartedAt) : null;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.phase = phase;
        copy.observedGeneration = observedGeneration;
        copy.replicas = replicas;
        copy.readyReplicas = readyReplicas;
        copy.selector = selector;
        copy.primaryPod = primaryPod;
        copy.lastPrimaryPod = lastPrimaryPod;
        copy.replicaPods = replicaPods;
        copy.previousReplicas = previousReplicas;
        copy.currentVersion = currentVersion;
        copy.serverVersion = serverVersion;
        copy.phaseStartedAt = phaseStartedAt;
        copy.conditions = conditions;
        copy.retryCount = retryCount;
        copy.lastError = lastError;
        copy.lastErrorTime = lastErrorTime;
        copy.tlsEnabled = tlsEnabled;
        copy.certificateExpiresAt = certificateExpiresAt;
        copy.pgbouncerEnabled = pgbouncerEnabled;
        copy.pgbouncerReadyReplicas = pgbouncerReadyReplicas;
        copy.connectionInfo = connectionInfo;
        copy.pods = pods;
        copy.resizeStatus = resizeStatus;
        copy.allPodsSynced = allPodsSynced;
        copy.replicationLag = replicationLag;
        copy.maxReplicationLagBytes = maxReplicationLagBytes;
        copy.replicasLagging = replicasLagging;
        copy.backup = backup;
        copy.restoredFrom = restoredFrom;
        copy.versionUpgrade = versionUpgrade;
        copy.successor = successor;
        copy.origin = origin;
        copy.credentials = credentials;
        copy.storage = storage;
        return copy;
    }

    /** Sets components one by one; what is not set is absent. */
    public static final class Builder {
        private @Nullable ClusterPhase phase;
        private @Nullable Long observedGeneration;
        private @Nullable Integer replicas;
        private @Nullable Integer readyReplicas;
        private @Nullable String selector;
        private @Nullable String primaryPod;
        private @Nullable String lastPrimaryPod;
        private List<String> replicaPods = List.of();
        private @Nullable Integer previousReplicas;
        private @Nullable String currentVersion;
        private @Nullable String serverVersion;
        private @Nullable String phaseStartedAt;
        private List<Condition> conditions = List.of();
        private @Nullable Integer retryCount;
        private @Nullable String lastError;
        private @Nullable String lastErrorTime;
        private @Nullable Boolean tlsEnabled;
        private @Nullable String certificateExpiresAt;
        private @Nullable Boolean pgbouncerEnabled;
        private @Nullable Integer pgbouncerReadyReplicas;
        private @Nullable ConnectionInfo connectionInfo;
        private List<MemberStatus> pods = List.of();
        private @Nullable List<ResizeStatus> resizeStatus;
        private @Nullable Boolean allPodsSynced;
        private List<LagStatus> replicationLag = List.of();
        private @Nullable Long maxReplicationLagBytes;
        private @Nullable Boolean replicasLagging;
        private @Nullable BackupStatus backup;
        private @Nullable RestoredFrom restoredFrom;
        private @Nullable VersionUpgrade versionUpgrade;
        private @Nullable SuccessorRef successor;
        private @Nullable SuccessorRef origin;
        private @Nullable CredentialsStatus credentials;
        private @Nullable StorageStatus storage;

        private Builder() {}

        public Builder phase(@Nullable ClusterPhase value) {
            this.phase = value;
            return this;
        }

        public Builder observedGeneration(@Nullable Long value) {
            this.observedGeneration = value;
            return this;
        }

        public Builder replicas(@Nullable Integer value) {
            this.replicas = value;
            return this;
        }

        public Builder readyReplicas(@Nullable Integer value) {
            this.readyReplicas = value;
            return this;
        }

        public Builder selector(@Nullable String value) {
            this.selector = value;
            return this;
        }

        public Builder primaryPod(@Nullable String value) {
            this.primaryPod = value;
            return this;
        }

        public Builder lastPrimaryPod(@Nullable String value) {
            this.lastPrimaryPod = value;
            return this;
        }

        public Builder replicaPods(List<String> value) {
            this.replicaPods = value;
            return this;
        }

        public Builder previousReplicas(@Nullable Integer value) {
            this.previousReplicas = value;
            return this;
        }

        public Builder currentVersion(@Nullable String value) {
            this.currentVersion = value;
            return this;
        }

        public Builder serverVersion(@Nullable String value) {
            this.serverVersion = value;
            return this;
        }

        public Builder phaseStartedAt(@Nullable String value) {
            this.phaseStartedAt = value;
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

        public Builder tlsEnabled(@Nullable Boolean value) {
            this.tlsEnabled = value;
            return this;
        }

        public Builder certificateExpiresAt(@Nullable String value) {
            this.certificateExpiresAt = value;
            return this;
        }

        public Builder pgbouncerEnabled(@Nullable Boolean value) {
            this.pgbouncerEnabled = value;
            return this;
        }

        public Builder pgbouncerReadyReplicas(@Nullable Integer value) {
            this.pgbouncerReadyReplicas = value;
            return this;
        }

        public Builder connectionInfo(@Nullable ConnectionInfo value) {
            this.connectionInfo = value;
            return this;
        }

        public Builder pods(List<MemberStatus> value) {
            this.pods = value;
            return this;
        }

        public Builder resizeStatus(@Nullable List<ResizeStatus> value) {
            this.resizeStatus = value;
            return this;
        }

        public Builder allPodsSynced(@Nullable Boolean value) {
            this.allPodsSynced = value;
            return this;
        }

        public Builder replicationLag(List<LagStatus> value) {
            this.replicationLag = value;
            return this;
        }

        public Builder maxReplicationLagBytes(@Nullable Long value) {
            this.maxReplicationLagBytes = value;
            return this;
        }

        public Builder replicasLagging(@Nullable Boolean value) {
            this.replicasLagging = value;
            return this;
        }

        public Builder backup(@Nullable BackupStatus value) {
            this.backup = value;
            return this;
        }

        public Builder restoredFrom(@Nullable RestoredFrom value) {
            this.restoredFrom = value;
            return this;
        }

        public Builder versionUpgrade(@Nullable VersionUpgrade value) {
            this.versionUpgrade = value;
            return this;
        }

        public Builder successor(@Nullable SuccessorRef value) {
            this.successor = value;
            return this;
        }

        public Builder origin(@Nullable SuccessorRef value) {
            this.origin = value;
            return this;
        }

        public Builder credentials(@Nullable CredentialsStatus value) {
            this.credentials = value;
            return this;
        }

        public Builder storage(@Nullable StorageStatus value) {
            this.storage = value;
            return this;
        }

        public PostgresClusterStatus build() {
            return new PostgresClusterStatus(
                    phase,
                    observedGeneration,
                    replicas,
                    readyReplicas,
                    selector,
                    primaryPod,
                    lastPrimaryPod,
                    replicaPods,
                    previousReplicas,
                    currentVersion,
                    serverVersion,
                    phaseStartedAt,
                    conditions,
                    retryCount,
                    lastError,
                    lastErrorTime,
                    tlsEnabled,
                    certificateExpiresAt,
                    pgbouncerEnabled,
                    pgbouncerReadyReplicas,
                    connectionInfo,
                    pods,
                    resizeStatus,
                    allPodsSynced,
                    replicationLag,
                    maxReplicationLagBytes,
                    replicasLagging,
                    backup,
                    restoredFrom,
                    versionUpgrade,
                    successor,
                    origin,
                    credentials,
                    storage);
        }
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the user wants of a cluster. */
@ApiType
@ValidationRule(
        value = "has(self.restore) == has(oldSelf.restore) && (!has(self.restore) || self.restore == oldSelf.restore)",
        message = "spec.restore cannot be changed after creation")
@ValidationRule(
        value =
                "!has(self.restore) || has(self.restore.source.encryptionKeySecret) || (has(self.restore.source.s3) && has(self.restore.source.s3.encryptionKeySecret)) || (has(self.backup) && has(self.backup.encryption))",
        message = "restore.source.encryptionKeySecret is required: backups are always encrypted")
@ValidationRule(
        value =
                "!has(self.replication) || !has(self.replication.mode) || self.replication.mode == 'async' || (has(self.replication.minSync) ? self.replication.minSync : 1) < (has(self.replicas) ? self.replicas : 1)",
        message = "replication.minSync must be less than replicas, which counts the primary too")
@ValidationRule(
        value =
                "!has(self.scaling) || !(has(self.scaling.cpuTargetUtilization) || (has(self.scaling.metrics) && has(self.scaling.metrics.cpu) && has(self.scaling.metrics.cpu.targetUtilization))) || (has(self.resources) && has(self.resources.requests) && has(self.resources.requests.cpu))",
        message = "scaling.cpuTargetUtilization requires spec.resources.requests.cpu")
@ValidationRule(
        value =
                "!has(self.scaling) || !(has(self.scaling.enabled) ? self.scaling.enabled : has(self.scaling.metrics)) || has(self.scaling.minReplicas) || (has(self.replicas) ? self.replicas : 1) <= (has(self.scaling.maxReplicas) ? self.scaling.maxReplicas : 10)",
        message =
                "scaling.minReplicas must not exceed scaling.maxReplicas (scaling.minReplicas is not set, so replicas counts)")
public record PostgresClusterSpec(
        @JsonPropertyDescription("Major version of PostgreSQL: 15, 16, 17 or 18. It can be raised, never lowered.")
        @Required
        @SchemaFrom(type = PostgresMajor.class)
        String version,

        @JsonPropertyDescription(
                "Number of members including the primary, 1 to 100; with autoscaling the number at the start.")
        @Default("1")
        @SpecReplicas
        @ValidationRule(value = "self >= 1", message = "replicas must be at least 1")
        @ValidationRule(value = "self <= 100", message = "replicas cannot exceed 100")
        @Nullable
        Integer replicas,

        @JsonPropertyDescription("The volume of each member.") @Required
        StorageSpec storage,

        @JsonPropertyDescription("CPU and memory of the PostgreSQL container.") @Nullable
        ResourcesSpec resources,

        @JsonPropertyDescription(
                "PostgreSQL server parameters, for example max_connections. Parameters that the operator manages are rejected.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 400)
        @ValidationRule(
                value = "self.all(k, k.matches('^[A-Za-z_][A-Za-z0-9_.]*$'))",
                message = "postgresqlParams must have names of PostgreSQL parameters as keys")
        Map<String, @Size(max = 1024) String> postgresqlParams,

        @JsonPropertyDescription(
                "Labels added to every object of the cluster and to its pods; they can change at any time.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        @ValidationRule(value = Rules.LABEL_KEYS, message = Rules.LABEL_KEYS_MESSAGE)
        Map<String, @Size(max = 63) @Pattern(Rules.LABEL_VALUE_PATTERN) String> labels,

        @JsonPropertyDescription("Image of the members; absent means the operator's default for the version.")
        @Size(min = 1, max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription("Secrets with which the images are pulled.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 20)
        List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("Where the members may run.") @Nullable
        PlacementSpec placement,

        @JsonPropertyDescription("Timing of failovers.") @Nullable
        FailoverSpec failover,

        @JsonPropertyDescription("Stop all members and keep their volumes; false again starts them with the same data.")
        @Default("false")
        @Nullable
        Boolean hibernate,

        @JsonPropertyDescription("How commits are replicated.") @Nullable
        ReplicationSpec replication,

        @JsonPropertyDescription("The Services that clients connect to.") @Nullable
        ServiceSpec service,

        @JsonPropertyDescription("Encryption of connections; absent means enabled with a default issuer.") @Nullable
        TlsSpec tls,

        @JsonPropertyDescription("The connection pooler.") @Nullable
        PgBouncerSpec pgbouncer,

        @JsonPropertyDescription("The metrics exporter.") @Nullable
        MetricsSpec metrics,

        @JsonPropertyDescription("Backups and continuous archiving.") @Nullable
        BackupSpec backup,

        @JsonPropertyDescription("Creates the cluster from backups. Fixed at creation.") @Nullable
        RestoreSpec restore,

        @JsonPropertyDescription("Autoscaling and lag thresholds.") @Nullable
        ScalingSpec scaling,

        @JsonPropertyDescription("Who may connect to the members.") @Nullable
        NetworkPolicySpec networkPolicy) {
    public PostgresClusterSpec {
        postgresqlParams = Copies.map(postgresqlParams);
        labels = Copies.map(labels);
        imagePullSecrets = Copies.list(imagePullSecrets);
    }

    public int replicasOrDefault() {
        return replicas != null ? replicas : 1;
    }

    public boolean hibernateOrDefault() {
        return hibernate != null ? hibernate : false;
    }

    /** TLS is on unless it is switched off. */
    public boolean tlsEnabled() {
        return tls == null || tls.enabledOrDefault();
    }

    public boolean poolerEnabled() {
        return pgbouncer != null && pgbouncer.enabledOrDefault();
    }

    public boolean replicaPoolerEnabled() {
        return pgbouncer != null && pgbouncer.enabledOrDefault() && pgbouncer.enableReplicaPoolerOrDefault();
    }

    public boolean metricsEnabled() {
        return metrics != null && metrics.enabledOrDefault();
    }

    public boolean backupConfigured() {
        return backup != null && backup.destination() != null;
    }

    /** Whether WAL goes to the destination of the backups. */
    public boolean walArchived() {
        return backup != null
                && backup.destination() != null
                && backup.walArchivingOrDefault().enabledOrDefault();
    }

    public boolean networkPolicyEnabled() {
        return networkPolicy != null && networkPolicy.active();
    }

    /** Autoscaling is requested and has room: the upper bound is above the lower one. */
    public boolean scalingActive() {
        return scaling != null && scaling.active() && scaling.maxReplicasOrDefault() > minReplicas();
    }

    /** Autoscaling goes by the connections of the members, so somebody has to count them. */
    public boolean connectionScaling() {
        return scalingActive() && scalingOrDefault().connectionTarget() != null;
    }

    /** Somebody reads the statistics of the servers: the exporter or KEDA. */
    public boolean monitored() {
        return metricsEnabled() || connectionScaling();
    }

    /** The lower bound of autoscaling. */
    public int minReplicas() {
        Integer min = scaling == null ? null : scaling.minReplicas();
        return min != null ? min : replicasOrDefault();
    }

    /** The name of the Secret with the key of the backups to restore from; null without a restore. */
    public @Nullable String restoreKeySecret() {
        if (restore == null) {
            return null;
        }
        String own = restore.source().flat().encryptionKeySecret();
        if (own != null) {
            return own;
        }
        return backup == null || backup.encryption() == null
                ? null
                : backup.encryption().keySecret();
    }

    public FailoverSpec failoverOrDefault() {
        return failover != null ? failover : new FailoverSpec(null, null, null);
    }

    public ReplicationSpec replicationOrDefault() {
        return replication != null ? replication : new ReplicationSpec(null, null);
    }

    public ServiceSpec serviceOrDefault() {
        return service != null ? service : new ServiceSpec(null, Map.of(), List.of(), null, null, null);
    }

    public TlsSpec tlsOrDefault() {
        return tls != null ? tls : new TlsSpec(null, null, List.of(), null, null);
    }

    public PgBouncerSpec pgbouncerOrDefault() {
        return pgbouncer != null
                ? pgbouncer
                : new PgBouncerSpec(null, null, null, null, null, null, null, null, null, Map.of());
    }

    public MetricsSpec metricsOrDefault() {
        return metrics != null ? metrics : new MetricsSpec(null, null, null);
    }

    public PlacementSpec placementOrDefault() {
        return placement != null ? placement : new PlacementSpec(Map.of(), List.of(), null, List.of());
    }

    public ResourcesSpec resourcesOrDefault() {
        return resources != null ? resources : new ResourcesSpec(null, null, null);
    }

    public ScalingSpec scalingOrDefault() {
        return scaling != null
                ? scaling
                : new ScalingSpec(null, null, null, null, null, null, null, null, null, null, null);
    }

    public NetworkPolicySpec networkPolicyOrDefault() {
        return networkPolicy != null
                ? networkPolicy
                : new NetworkPolicySpec(null, List.of(), Map.of(), List.of(), null, List.of(), null);
    }
}

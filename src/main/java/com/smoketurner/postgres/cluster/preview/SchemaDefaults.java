package com.smoketurner.postgres.cluster.preview;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The defaults of the fields of a spec. The API server fills them in as soon as the object around them is there, so a field that gets
 * its default is no change. A test holds them equal to the schema's.
 */
final class SchemaDefaults {

    static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("backup.backupFromReplica", "false"),
            Map.entry("backup.compression", "lz4"),
            Map.entry("backup.deltaMaxSteps", "3"),
            Map.entry("backup.destination.S3.forcePathStyle", "false"),
            Map.entry("backup.destination.S3.workloadIdentity", "false"),
            Map.entry("backup.destination.forcePathStyle", "false"),
            Map.entry("backup.destination.workloadIdentity", "false"),
            Map.entry("backup.downloadConcurrency", "10"),
            Map.entry("backup.enableDeltaBackups", "false"),
            Map.entry("backup.encryption.method", "aes256"),
            Map.entry("backup.timezone", "UTC"),
            Map.entry("backup.uploadConcurrency", "16"),
            Map.entry("backup.verify.timeout", "4h"),
            Map.entry("backup.walArchiving.enabled", "true"),
            Map.entry("backup.walArchiving.restoreTimeout", "0"),
            Map.entry("failover.loopWait", "5"),
            Map.entry("failover.retryTimeout", "5"),
            Map.entry("failover.ttl", "20"),
            Map.entry("hibernate", "false"),
            Map.entry("metrics.enabled", "false"),
            Map.entry("metrics.port", "9187"),
            Map.entry("networkPolicy.allowExternalAccess", "false"),
            Map.entry("networkPolicy.denyEgress", "false"),
            Map.entry("pgbouncer.defaultPoolSize", "20"),
            Map.entry("pgbouncer.enableReplicaPooler", "false"),
            Map.entry("pgbouncer.enabled", "false"),
            Map.entry("pgbouncer.maxClientConn", "10000"),
            Map.entry("pgbouncer.maxDbConnections", "60"),
            Map.entry("pgbouncer.poolMode", "transaction"),
            Map.entry("pgbouncer.replicas", "2"),
            Map.entry("pgbouncer.resources.restartOnResize", "false"),
            Map.entry("replicas", "1"),
            Map.entry("replication.minSync", "1"),
            Map.entry("replication.mode", "async"),
            Map.entry("resources.restartOnResize", "false"),
            Map.entry("restore.source.encryptionMethod", "aes256"),
            Map.entry("restore.source.forcePathStyle", "false"),
            Map.entry("restore.source.s3.forcePathStyle", "false"),
            Map.entry("restore.source.s3.workloadIdentity", "false"),
            Map.entry("restore.source.type", "S3"),
            Map.entry("restore.source.workloadIdentity", "false"),
            Map.entry("restore.target.immediate", "false"),
            Map.entry("scaling.cooldownPeriod", "300"),
            Map.entry("scaling.maxReplicas", "10"),
            Map.entry("scaling.pollingInterval", "30"),
            Map.entry("scaling.replicationLagThreshold", "30s"),
            Map.entry("scaling.scaleDownStabilization", "300"),
            Map.entry("service.type", "ClusterIP"),
            Map.entry("storage.whenDeleted", "Retain"),
            Map.entry("tls.duration", "2160h"),
            Map.entry("tls.enabled", "true"),
            Map.entry("tls.issuerRef.group", "cert-manager.io"),
            Map.entry("tls.issuerRef.kind", "ClusterIssuer"));

    private SchemaDefaults() {}

    /** Whether a value means the same as none. */
    static boolean isDefault(List<String> path, @Nullable JsonNode value) {
        return value == null
                || (value.isContainerNode() && value.isEmpty())
                || (value.isValueNode() && value.asText().equals(VALUES.get(String.join(".", path))));
    }
}

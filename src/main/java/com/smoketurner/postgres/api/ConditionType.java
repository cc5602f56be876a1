package com.smoketurner.postgres.api;

/** The conditions of a PostgresCluster, in the order in which its status lists them. */
public enum ConditionType implements Labelled {
    READY("Ready", "the primary accepts connections"),
    PROGRESSING("Progressing", "the operator is changing the cluster"),
    DEGRADED(
            "Degraded",
            "the cluster has less than the spec says: members, replication, or a part that cannot be reconciled"),
    CONFIGURATION_VALID("ConfigurationValid", "the spec can be carried out"),
    PARAMETERS_IN_FORCE("ParametersInForce", "nobody has set other parameters on the servers than the spec"),
    RECONCILED("Reconciled", "no step of the operator failed"),
    REPLICAS_READY("ReplicasReady", "all members are Ready"),
    POD_GENERATION_SYNCED("PodGenerationSynced", "every pod runs the current pod template"),
    RESOURCE_RESIZE_IN_PROGRESS("ResourceResizeInProgress", "a node changes the resources of a running pod"),
    PENDING_RESTART("PendingRestart", "a parameter takes effect at the next restart of a server"),
    CERTIFICATE_READY("CertificateReady", "cert-manager has issued the certificate"),
    NETWORK_POLICY_APPLIED("NetworkPolicyApplied", "the rules of `spec.networkPolicy` are in force"),
    POOLER_READY("PoolerReady", "all pods of the poolers are ready"),
    BACKUP_HEALTHY("BackupHealthy", "backups and WAL archiving work"),
    BACKUP_VERIFIED("BackupVerified", "the last restore test succeeded"),
    STORAGE_EXPANDED("StorageExpanded", "every volume has the size of spec.storage.size"),
    STORAGE_PRESSURE("StoragePressure", "a volume is almost full"),
    AUTOSCALING_ACTIVE("AutoscalingActive", "KEDA scales the replicas");

    private final String label;
    private final String meaning;

    ConditionType(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    @Override
    public String label() {
        return label;
    }

    /** What status True means. */
    public String meaning() {
        return meaning;
    }
}

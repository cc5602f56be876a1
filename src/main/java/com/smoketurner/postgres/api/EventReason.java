package com.smoketurner.postgres.api;

/**
 * The reasons of the events of a PostgresCluster. Besides these, each {@link Reason#failure} is the reason of a Warning.
 * docs/status.md is generated from them.
 */
public enum EventReason implements Labelled {
    // Phases.
    CLUSTER_CREATING("ClusterCreating", false, "the phase is `Creating`"),
    CLUSTER_READY("ClusterReady", false, "the phase is `Running`"),
    CLUSTER_UPDATING("ClusterUpdating", false, "the phase is `Updating`"),
    CLUSTER_SCALING("ClusterScaling", false, "the phase is `Scaling`"),
    CLUSTER_RECOVERING(
            "ClusterRecovering",
            false,
            "the phase is `Recovering`: no member serves as primary, or the cluster comes back from `Failed`"),
    CLUSTER_DEGRADED("ClusterDegraded", true, "the phase is `Degraded`"),
    CLUSTER_FAILED("ClusterFailed", true, "the phase is `Failed`"),
    CLUSTER_SUPERSEDED("ClusterSuperseded", false, "another cluster has replaced this one"),
    CLUSTER_DELETING("ClusterDeleting", false, "the deletion has begun"),
    // Members.
    PRIMARY_CHANGED("PrimaryChanged", false, "another member is the primary"),
    BOOTSTRAP_REPEATED(
            "BootstrapRepeated", true, "the member that was creating the server was ended; another attempt begins"),
    SWITCHOVER_STARTED("SwitchoverStarted", false, "the operator has requested a switchover"),
    SWITCHOVER_COMPLETED("SwitchoverCompleted", false, "the switchover that the annotation requested is done"),
    SWITCHOVER_FAILED("SwitchoverFailed", true, "it was not possible; the message says why"),
    POOLER_PAUSED(
            "PoolerPaused",
            false,
            "clients of the pooler waited while the primary changed by plan; the message says for how long"),
    POOLER_PAUSE_SKIPPED(
            "PoolerPauseSkipped",
            true,
            "they were not held back; transactions may have failed, and the message says why"),
    RESTARTED_MEMBER("RestartedMember", false, "a member is being restarted or replaced"),
    REINITIALIZE_STARTED("ReinitializeStarted", false, "the data of a replica is being copied from the primary again"),
    REINITIALIZE_FAILED("ReinitializeFailed", true, "that was not possible; the message says why"),
    EGRESS_TAKEN_BACK(
            "EgressTakenBack",
            true,
            "a member did not reach the API server under the rules of `spec.networkPolicy.denyEgress`; they are taken back"),
    PARAMETER_OVERRIDDEN(
            "ParameterOverridden",
            true,
            "somebody has set another value on the servers than the spec; the message says where"),
    HA_LOST("HALost", true, "one member is left, and there is no replica to fail over to"),
    REPLICA_EXCLUDED("ReplicaExcluded", false, "a replica has left the read Service: its lag is too high"),
    REPLICA_INCLUDED("ReplicaIncluded", false, "it is back in the read Service"),
    NO_ELIGIBLE_READERS("NoEligibleReaders", true, "no replica is left in the read Service"),
    // Changes.
    PARAMETERS_APPLIED("ParametersApplied", false, "parameters are in force"),
    RESIZE_COMPLETED("ResizeCompleted", false, "every pod has the requested resources"),
    RESIZE_INFEASIBLE("ResizeInfeasible", true, "a node can never apply a resize; the pod is replaced"),
    RESIZE_REFUSED("ResizeRefused", true, "the API server refuses a resize; the pod keeps its resources"),
    STORAGE_EXPANDED("StorageExpanded", false, "every volume has the requested size"),
    STORAGE_EXPANSION_NOT_SUPPORTED("StorageExpansionNotSupported", true, "the StorageClass does not allow expansion"),
    STORAGE_PRESSURE("StoragePressure", true, "a volume is almost full"),
    MEMORY_LIMIT_LOW(
            "MemoryLimitLow",
            true,
            "the memory limit is less than 1.25 times `shared_buffers`; raise it, or lower `shared_buffers`"),
    POOLER_CONNECTIONS_HIGH(
            "PoolerConnectionsHigh",
            true,
            "a pooler may use up `max_connections`; lower `pgbouncer.maxDbConnections`, or raise it"),
    RESERVED_LABEL_IGNORED("ReservedLabelIgnored", true, "`spec.labels` sets keys that belong to the operator"),
    // Credentials and certificates.
    CREDENTIALS_GENERATED("CredentialsGenerated", false, "new passwords are in the Secret"),
    CREDENTIALS_ROTATED("CredentialsRotated", false, "passwords from the Secret are active"),
    CREDENTIALS_RESTORED(
            "CredentialsRestored", true, "a password was changed by SQL; that of the Secret is active again"),
    CERTIFICATE_ROTATED("CertificateRotated", false, "a member uses the renewed certificate"),
    TLS_DISABLED("TLSDisabled", true, "connections are not encrypted"),
    // Backups and restores.
    BACKUP_STARTED(
            "BackupStarted", false, "a scheduled base backup has begun; the message names the member that takes it"),
    BACKUP_COMPLETED("BackupCompleted", false, "it is done"),
    BACKUP_FAILED("BackupFailed", true, "it has failed; the message quotes the backup engine"),
    MANUAL_BACKUP_STARTED("ManualBackupStarted", false, "the base backup that the annotation requested has begun"),
    MANUAL_BACKUP_COMPLETED("ManualBackupCompleted", false, "it is done"),
    MANUAL_BACKUP_FAILED("ManualBackupFailed", true, "it has failed, or no destination is configured"),
    BACKUP_OVERDUE("BackupOverdue", true, "the last base backup is older than two intervals of the schedule"),
    BACKUPS_DELETED("BackupsDeleted", false, "retention has deleted backups; the message names each with its reason"),
    BACKUP_FROM_PRIMARY(
            "BackupFromPrimary",
            false,
            "`spec.backup.backupFromReplica` is set, and the primary takes the backup; the message says why"),
    REPOSITORY_CLAIMED("RepositoryClaimed", false, "the prefix in the bucket belongs to this cluster"),
    ENCRYPTION_KEY_CHANGED(
            "EncryptionKeyChanged",
            true,
            "the encryption key was replaced; backups start again at a new path, and former ones need the former key"),
    WAL_ARCHIVING_FAILED("WALArchivingFailed", true, "WAL is not archived"),
    WAL_ARCHIVING_HEALTHY("WALArchivingHealthy", false, "WAL is archived again"),
    VERIFICATION_STARTED("VerificationStarted", false, "a restore test has begun; the message names backup and target"),
    VERIFICATION_COMPLETED("VerificationCompleted", false, "the restore test has succeeded"),
    VERIFICATION_FAILED(
            "VerificationFailed", true, "the restore test has failed or could not be finished; the message says why"),
    RESTORE_STARTED("RestoreStarted", false, "the restore has begun; the message names backup and target"),
    RESTORE_COMPLETED("RestoreCompleted", false, "the restore has reached its target"),
    RESTORE_FAILED("RestoreFailed", true, "the restore has failed; the message says why"),
    SUBSCRIPTIONS_DISABLED(
            "SubscriptionsDisabled",
            true,
            "subscriptions of the restored data would act on their publishers, and are disabled"),
    // Major versions.
    VERSION_UPGRADE_STARTED("VersionUpgradeStarted", false, "the upgrade to another major version has begun"),
    NO_BACKUP_BEFORE_UPGRADE(
            "NoBackupBeforeUpgrade", true, "no backup destination is configured: nothing but the members has the data"),
    VERSION_UPGRADE_WARNING(
            "VersionUpgradeWarning", true, "something does not survive the upgrade; the message names it"),
    VERSION_UPGRADED(
            "VersionUpgraded", false, "the new version serves; the message says for how long nobody could write"),
    VERSION_UPGRADE_COMPLETED("VersionUpgradeCompleted", false, "all members run the new version"),
    VERSION_UPGRADE_FAILED("VersionUpgradeFailed", true, "the former version serves; the message says why"),
    VERSION_UPGRADE_RETURNED("VersionUpgradeReturned", false, "`spec.version` was set back; the former version serves"),
    // Autoscaling.
    SCALE_OUT_PAUSED("ScaleOutPaused", true, "a replica lags, so the autoscaler adds no members"),
    SCALE_OUT_RESUMED("ScaleOutResumed", false, "all replicas have caught up, the autoscaler may add members again"),
    KEDA_NOT_INSTALLED("KedaNotInstalled", true, "`spec.scaling` is enabled and KEDA is not installed"),
    METRICS_SERVER_NOT_AVAILABLE(
            "MetricsServerNotAvailable", true, "the CPU of the members is to be measured and nobody does"),
    CPU_REQUEST_MISSING("CpuRequestMissing", true, "CPU utilization is a share of the request, and there is none"),
    SCALED_OBJECT_NOT_READY("ScaledObjectNotReady", true, "KEDA cannot measure or scale; the message quotes it"),
    KEDA_FINALIZER_REMOVED(
            "KedaFinalizerRemoved",
            true,
            "KEDA did not release an object that was deleted; its finalizer was removed so that it does not block the deletion"),
    // The operator.
    RECONCILIATION_FAILED("ReconciliationFailed", true, "a step of the operator has failed more than 5 times in a row"),
    DCS_CLEANUP_COMPLETE("DcsCleanupComplete", false, "Patroni's records of a deleted cluster are removed"),
    DELETION_TIMEOUT(
            "DeletionTimeout",
            true,
            "pods of a deleted cluster did not terminate in time; the cluster is removed without waiting");

    private final String label;
    private final boolean warning;
    private final String meaning;

    EventReason(String label, boolean warning, String meaning) {
        this.label = label;
        this.warning = warning;
        this.meaning = meaning;
    }

    @Override
    public String label() {
        return label;
    }

    /** Whether the event is a Warning. */
    public boolean warning() {
        return warning;
    }

    /** What has happened, as a clause in Markdown. */
    public String meaning() {
        return meaning;
    }
}

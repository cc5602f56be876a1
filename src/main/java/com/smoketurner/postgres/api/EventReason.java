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
    SWITCHOVER_STARTED("SwitchoverStarted", false, "the operator has requested a switchover"),
    SWITCHOVER_COMPLETED("SwitchoverCompleted", false, "the switchover that the annotation requested is done"),
    SWITCHOVER_FAILED("SwitchoverFailed", true, "it was not possible; the message says why"),
    RESTARTED_MEMBER("RestartedMember", false, "a member is being restarted or replaced"),
    REINITIALIZE_STARTED("ReinitializeStarted", false, "the data of a replica is being copied from the primary again"),
    REINITIALIZE_FAILED("ReinitializeFailed", true, "that was not possible; the message says why"),
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
    RESERVED_LABEL_IGNORED("ReservedLabelIgnored", true, "`spec.labels` sets keys that belong to the operator"),
    // Credentials and certificates.
    CREDENTIALS_GENERATED("CredentialsGenerated", false, "new passwords are in the Secret"),
    CREDENTIALS_ROTATED("CredentialsRotated", false, "passwords from the Secret are active"),
    CREDENTIALS_RESTORED(
            "CredentialsRestored", true, "a password was changed by SQL; that of the Secret is active again"),
    CERTIFICATE_ROTATED("CertificateRotated", false, "a member uses the renewed certificate"),
    TLS_DISABLED("TLSDisabled", true, "connections are not encrypted"),
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

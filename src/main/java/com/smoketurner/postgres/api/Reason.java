package com.smoketurner.postgres.api;

import static com.smoketurner.postgres.api.ConditionType.AUTOSCALING_ACTIVE;
import static com.smoketurner.postgres.api.ConditionType.BACKUP_HEALTHY;
import static com.smoketurner.postgres.api.ConditionType.BACKUP_VERIFIED;
import static com.smoketurner.postgres.api.ConditionType.CERTIFICATE_READY;
import static com.smoketurner.postgres.api.ConditionType.CONFIGURATION_VALID;
import static com.smoketurner.postgres.api.ConditionType.DEGRADED;
import static com.smoketurner.postgres.api.ConditionType.NETWORK_POLICY_APPLIED;
import static com.smoketurner.postgres.api.ConditionType.PARAMETERS_IN_FORCE;
import static com.smoketurner.postgres.api.ConditionType.PENDING_RESTART;
import static com.smoketurner.postgres.api.ConditionType.POD_GENERATION_SYNCED;
import static com.smoketurner.postgres.api.ConditionType.POOLER_READY;
import static com.smoketurner.postgres.api.ConditionType.PROGRESSING;
import static com.smoketurner.postgres.api.ConditionType.READY;
import static com.smoketurner.postgres.api.ConditionType.RECONCILED;
import static com.smoketurner.postgres.api.ConditionType.REPLICAS_READY;
import static com.smoketurner.postgres.api.ConditionType.RESOURCE_RESIZE_IN_PROGRESS;
import static com.smoketurner.postgres.api.ConditionType.STORAGE_EXPANDED;
import static com.smoketurner.postgres.api.ConditionType.STORAGE_PRESSURE;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The reasons of the conditions of a PostgresCluster, with what they mean and what to do. docs/status.md is generated from
 * them.
 */
public enum Reason implements Labelled {
    // What the user has to change. Each is a reason of a Warning event, too.
    TLS_ISSUER_NOT_CONFIGURED(
            "TLSIssuerNotConfigured",
            Of.FAILURES,
            "`spec.tls` is set without an issuer",
            "set `spec.tls.issuerRef.name`, or `spec.tls.enabled: false`"),
    VERSION_UPGRADE_CHECK_FAILED(
            "VersionUpgradeCheckFailed",
            Of.FAILURES,
            "`spec.version` is higher than the version that runs, and something stands in the way of an upgrade; the former version serves",
            "see the message; set `spec.version` back, mend what it names, and set `spec.version` again"),
    VERSION_UPGRADE_FAILED(
            "VersionUpgradeFailed",
            Of.FAILURES,
            "the upgrade to another major version failed before the new server accepted connections; the former version serves",
            "see the message; set `spec.version` back, and again when the cause is mended"),
    IN_PLACE_UPGRADE_UNSUPPORTED(
            "InPlaceUpgradeUnsupported",
            Of.FAILURES,
            "the image does not have the programs of both major versions",
            "set `spec.version` back, or use an image that has both"),
    VERSION_DOWNGRADE_NOT_ALLOWED(
            "VersionDowngradeNotAllowed",
            Of.FAILURES,
            "`spec.version` is lower than the version that runs",
            "set it back; the message names the version"),
    STORAGE_SHRINK_NOT_ALLOWED(
            "StorageShrinkNotAllowed",
            Of.FAILURES,
            "`spec.storage.size` is smaller than the volumes",
            "set it back; the message names the size"),
    RESERVED_PARAMETER(
            "ReservedParameter",
            Of.FAILURES,
            "`spec.postgresqlParams` sets a parameter that the operator sets",
            "remove the parameter"),
    INVALID_PARAMETER(
            "InvalidParameter",
            Of.FAILURES,
            "PostgreSQL or Patroni does not accept a parameter; the servers keep the previous value",
            "correct or remove the parameter that the message names"),
    INVALID_PASSWORD(
            "InvalidPassword",
            Of.FAILURES,
            "a password in the Secret contains control characters or is not UTF-8 text; the previous password stays in force",
            "write a password without control characters into the key that the message names"),
    TOO_FEW_REPLICAS(
            "TooFewReplicas",
            Of.FAILURES,
            "`spec.replication.minSync` is not less than `spec.replicas`",
            "lower `minSync`, raise `replicas`, or set `mode: async`"),
    NOT_YET_SUPPORTED(
            "NotYetSupported",
            Of.FAILURES,
            "this release has no behaviour for a field that is set",
            "remove the field that the message names"),
    INVALID_BACKUP_SCHEDULE(
            "InvalidBackupSchedule",
            Of.failuresAnd(BACKUP_HEALTHY),
            "`spec.backup.schedule` or `spec.backup.timezone` is not valid",
            "correct the field that the message quotes"),
    INVALID_BACKUP_DESTINATION(
            "InvalidBackupDestination",
            Of.failuresAnd(BACKUP_HEALTHY),
            "the backup engine cannot use `spec.backup.destination` or `spec.backup.compression` as they are",
            "change the field that the message names, or `spec.backup.engine`"),
    BACKUP_CREDENTIALS_NOT_FOUND(
            "BackupCredentialsNotFound",
            Of.failuresAnd(BACKUP_HEALTHY),
            "the Secret with the credentials of the object store, or with its CA certificate, does not exist",
            "create the Secret that the message names"),
    BACKUP_CREDENTIALS_INVALID(
            "BackupCredentialsInvalid",
            Of.failuresAnd(BACKUP_HEALTHY),
            "keys are missing in that Secret",
            "add the keys that the message lists"),
    ENCRYPTION_KEY_NOT_FOUND(
            "EncryptionKeyNotFound",
            Of.failuresAnd(BACKUP_HEALTHY),
            "the Secret with the encryption key does not exist",
            "create the Secret that the message names"),
    INVALID_ENCRYPTION_KEY(
            "InvalidEncryptionKey",
            Of.failuresAnd(BACKUP_HEALTHY),
            "the encryption key has none of the accepted formats",
            "write a key as the message describes it, for example of `openssl rand -hex 32`"),
    BACKUP_PATH_CONFLICT(
            "BackupPathConflict",
            Of.failuresAnd(BACKUP_HEALTHY),
            "another cluster owns the prefix in the bucket; this cluster has written nothing there",
            "set another `spec.backup.destination.path`, or delete the other cluster"),
    BACKUP_ENGINE_UNAVAILABLE(
            "BackupEngineUnavailable",
            Of.failuresAnd(BACKUP_HEALTHY),
            "the image has no program of `spec.backup.engine`",
            "set the other engine, or an image that has the program"),
    RESTORE_CREDENTIALS_NOT_FOUND(
            "RestoreCredentialsNotFound",
            Of.FAILURES,
            "the Secret with the credentials of the source of the restore does not exist, or lacks keys",
            "create the Secret that the message names"),
    RESTORE_KEY_NOT_FOUND(
            "RestoreKeyNotFound",
            Of.FAILURES,
            "the Secret with the key of the backups does not exist",
            "create the Secret that the message names"),
    RESTORE_SOURCE_NOT_FOUND(
            "RestoreSourceNotFound",
            Of.FAILURES,
            "there are no backups at the source",
            "see `spec.restore.source`; the message names the location. Delete the cluster and create it with the right source"),
    RESTORE_SOURCE_AMBIGUOUS(
            "RestoreSourceAmbiguous",
            Of.FAILURES,
            "the bucket holds the backups of several clusters, or their history has several branches",
            "create the cluster with `spec.restore.source.path`, or with `spec.restore.target.timeline`; the message lists what to"
                    + " choose from"),
    RESTORE_SOURCE_UNREADABLE(
            "RestoreSourceUnreadable",
            Of.FAILURES,
            "the backups at the source cannot be read",
            "see the message: it quotes the object store or the backup engine. The operator tries again"),
    RESTORE_BACKUP_NOT_FOUND(
            "RestoreBackupNotFound",
            Of.FAILURES,
            "there is no backup of that name",
            "create the cluster with a name that the message lists"),
    RESTORE_TARGET_UNREACHABLE(
            "RestoreTargetUnreachable",
            Of.FAILURES,
            "the recovery target is outside of what the backups and their WAL reach",
            "create the cluster with a target inside of the window that the message names"),
    RESTORE_TARGET_NOT_EMPTY(
            "RestoreTargetNotEmpty",
            Of.FAILURES,
            "volumes of a former cluster of that name exist; their data is untouched",
            "delete the volume claims that the message names, or give the cluster another name"),
    RESTORE_VERSION_MISMATCH(
            "RestoreVersionMismatch",
            Of.FAILURES,
            "the backups are of another major version than `spec.version`",
            "create the cluster with the version that the message names"),
    RESTORE_FAILED(
            "RestoreFailed",
            Of.FAILURES,
            "the restore has failed; no server was started on its data",
            "see the message, which quotes PostgreSQL or the backup engine"),
    RESOURCE_CONFLICT(
            "ResourceConflict",
            Of.FAILURES,
            "an object of a name that the cluster needs belongs to somebody else",
            "rename or delete the object, or give the cluster another name"),
    CERT_MANAGER_NOT_INSTALLED(
            "CertManagerNotInstalled",
            Of.failuresAnd(CERTIFICATE_READY),
            "TLS needs cert-manager, and its API is not served",
            "install cert-manager, or set `spec.tls.enabled: false`"),
    CREATING_TIMEOUT(
            "CreatingTimeout",
            Of.FAILURES,
            "the cluster was not created in time, and the cause is known",
            "remove the cause that the message names; the creation goes on by itself"),
    // Whether the cluster serves.
    CLUSTER_READY("ClusterReady", List.of(READY), "the primary accepts connections", ""),
    PENDING("Pending", List.of(READY), "nothing is created yet", ""),
    CREATING("Creating", List.of(READY), "members are being created", "wait; `Progressing` says for what"),
    NO_PRIMARY(
            "NoPrimary",
            List.of(READY, DEGRADED),
            "no member serves as primary",
            "Patroni elects one by itself; if it does not, see `patronictl list` and the logs of the members"),
    PRIMARY_UNAVAILABLE(
            "PrimaryUnavailable",
            List.of(READY),
            "no member has served as primary for longer than `POSTGRES_OPERATOR_PRIMARY_UNAVAILABLE_TIMEOUT`",
            "see `patronictl list` and the logs of the members"),
    DELETING("Deleting", List.of(READY), "the cluster is being deleted", ""),
    HEALTHY("Healthy", List.of(DEGRADED), "members, replication and reconciliation are as they should be", ""),
    NOT_APPLICABLE("NotApplicable", List.of(DEGRADED), "the cluster is being created", ""),
    REPLICAS_UNAVAILABLE(
            "ReplicasUnavailable",
            List.of(DEGRADED),
            "members are not Ready; the message names them and what keeps them",
            "see `kubectl describe pod` of the member"),
    REPLICATION_BROKEN(
            "ReplicationBroken",
            List.of(DEGRADED),
            "a replica receives no WAL, or its server does not start",
            "the operator rebuilds it where that helps; see [broken replicas](operations.md#broken-replicas)"),
    RECONCILIATION_FAILED(
            "ReconciliationFailed",
            List.of(DEGRADED, RECONCILED),
            "a step of the operator fails; for `Degraded`, more than 5 times in a row",
            "remove the cause that the message names; the step is retried"),
    RECONCILIATION_SUCCEEDED("ReconciliationSucceeded", List.of(RECONCILED), "no step failed", ""),
    ALL_REPLICAS_READY("AllReplicasReady", List.of(REPLICAS_READY), "all members are Ready", ""),
    WAITING_FOR_REPLICAS(
            "WaitingForReplicas",
            List.of(REPLICAS_READY),
            "members are missing or not Ready",
            "wait; `Degraded` names them when it lasts"),
    MEMBER_NOT_CREATED(
            "MemberNotCreated",
            List.of(READY),
            "Kubernetes refuses a pod or a volume of a member: a quota, a LimitRange or an admission policy",
            "remove the obstacle that the message quotes"),
    SERVER_START_FAILED(
            "ServerStartFailed",
            List.of(READY),
            "the server of a member does not start",
            "see the server's own words in the message, such as a parameter to correct"),
    // What is being changed.
    STABLE("Stable", List.of(PROGRESSING), "no change is in progress", ""),
    FAILED(
            "Failed",
            List.of(PROGRESSING),
            "the change cannot be made, or has stopped at a member that does not become Ready",
            "see the message, `ConfigurationValid` and `Degraded`"),
    PAUSED(
            "Paused",
            List.of(PROGRESSING),
            "the annotation `pause` keeps the operator from changing anything",
            "remove the annotation"),
    CREATING_RESOURCES("CreatingResources", List.of(PROGRESSING), "objects of the cluster are being created", ""),
    ROLLING_RESTART("RollingRestart", List.of(PROGRESSING), "pods are being replaced one after the other", ""),
    APPLYING_PARAMETERS("ApplyingParameters", List.of(PROGRESSING), "servers restart for a parameter", ""),
    SCALING("Scaling", List.of(PROGRESSING), "members are being added or removed", ""),
    RESIZING("Resizing", List.of(PROGRESSING), "pods are being given other resources", ""),
    EXPANDING_STORAGE("ExpandingStorage", List.of(PROGRESSING), "volumes are being expanded", ""),
    ROTATING_CREDENTIALS(
            "RotatingCredentials",
            List.of(PROGRESSING),
            "passwords of the Secret are not active in the servers yet",
            ""),
    RELOADING_CERTIFICATE(
            "ReloadingCertificate", List.of(PROGRESSING), "members still use the previous certificate", ""),
    TERMINATING("Terminating", List.of(PROGRESSING), "the cluster is being deleted", ""),
    ALL_PODS_SYNCED("AllPodsSynced", List.of(POD_GENERATION_SYNCED), "every pod runs the current template", ""),
    WAITING_FOR_KUBELET("WaitingForKubelet", List.of(POD_GENERATION_SYNCED), "pods are starting", ""),
    WAITING_FOR_RESTART(
            "WaitingForRestart",
            List.of(POD_GENERATION_SYNCED),
            "pods are to be restarted or replaced; the message says which",
            ""),
    NO_RESIZE("NoResize", List.of(RESOURCE_RESIZE_IN_PROGRESS), "no resize is in progress", ""),
    RESIZE_PROPOSED("ResizeProposed", List.of(RESOURCE_RESIZE_IN_PROGRESS), "the resize waits for the node", ""),
    RESIZE_IN_PROGRESS("ResizeInProgress", List.of(RESOURCE_RESIZE_IN_PROGRESS), "the node applies the resize", ""),
    RESIZE_DEFERRED(
            "ResizeDeferred",
            List.of(RESOURCE_RESIZE_IN_PROGRESS),
            "the node has no room for the resize now",
            "free resources on the node, or wait"),
    RESIZE_INFEASIBLE(
            "ResizeInfeasible",
            List.of(RESOURCE_RESIZE_IN_PROGRESS),
            "the node can never apply the resize; the pod is replaced",
            ""),
    RESIZE_REFUSED(
            "ResizeRefused",
            List.of(RESOURCE_RESIZE_IN_PROGRESS, POD_GENERATION_SYNCED),
            "the API server refuses the resize: a quota, a LimitRange or an admission policy",
            "remove the obstacle that the message quotes, or change `spec.resources`; the resize is tried again every 30 s"),
    NO_RESTART_REQUIRED("NoRestartRequired", List.of(PENDING_RESTART), "no parameter waits for a restart", ""),
    RESTART_REQUIRED(
            "RestartRequired",
            List.of(PENDING_RESTART),
            "parameters wait for a restart; the message names them and the members",
            "the operator restarts the servers itself"),
    // The spec and the certificate.
    SPEC_VALID("SpecValid", List.of(CONFIGURATION_VALID), "the spec is valid", ""),
    NOT_OVERRIDDEN(
            "NotOverridden", List.of(PARAMETERS_IN_FORCE), "no server has other parameters than the spec sets", ""),
    PARAMETER_OVERRIDDEN(
            "ParameterOverridden",
            List.of(PARAMETERS_IN_FORCE),
            "`ALTER SYSTEM`, `ALTER ROLE` or `ALTER DATABASE` override a parameter of `spec.postgresqlParams`",
            "run the statement that the message names, or remove the parameter from the spec"),
    ISSUED("Issued", List.of(CERTIFICATE_READY), "the certificate is issued", ""),
    WAITING_FOR_CERTIFICATE(
            "WaitingForCertificate",
            List.of(CERTIFICATE_READY, READY),
            "cert-manager has not issued the certificate",
            "see `kubectl describe certificate`"),
    ISSUER_NOT_FOUND(
            "IssuerNotFound",
            List.of(CERTIFICATE_READY),
            "the issuer does not exist",
            "create it, or name another one in `spec.tls.issuerRef`"),
    TLS_DISABLED("TLSDisabled", List.of(CERTIFICATE_READY), "`spec.tls.enabled` is `false`", ""),
    NETWORK_POLICY_IN_FORCE(
            "NetworkPolicyInForce",
            List.of(NETWORK_POLICY_APPLIED),
            "all rules of `spec.networkPolicy` are in force",
            ""),
    EGRESS_TAKEN_BACK(
            "EgressTakenBack",
            List.of(NETWORK_POLICY_APPLIED),
            "a member did not reach the API server under the rules of `spec.networkPolicy.denyEgress`, and they are not in force",
            "allow it by a NetworkPolicy of your own, then set `denyEgress` to `false` and to `true` again"),
    POOLER_PODS_READY("PoolerPodsReady", List.of(POOLER_READY), "all pods of the poolers are ready", ""),
    POOLER_PODS_NOT_READY(
            "PoolerPodsNotReady",
            List.of(POOLER_READY),
            "pods of a pooler are not ready, or do not exist yet",
            "wait while they start; the message says what keeps one from starting"),
    // Volumes, backups and autoscaling.
    STORAGE_UP_TO_DATE("StorageUpToDate", List.of(STORAGE_EXPANDED), "every volume has the requested size", ""),
    EXPANSION_IN_PROGRESS("ExpansionInProgress", List.of(STORAGE_EXPANDED), "volumes are being expanded", ""),
    EXPANSION_NOT_SUPPORTED(
            "ExpansionNotSupported",
            List.of(STORAGE_EXPANDED),
            "the StorageClass does not allow expansion",
            "set `allowVolumeExpansion: true` on the StorageClass, or set the size back"),
    EXPANSION_FAILED(
            "ExpansionFailed",
            List.of(STORAGE_EXPANDED),
            "the storage refuses the expansion",
            "see the message and `kubectl describe pvc`"),
    STORAGE_SUFFICIENT("StorageSufficient", List.of(STORAGE_PRESSURE), "no volume is almost full", ""),
    VOLUME_ALMOST_FULL(
            "VolumeAlmostFull",
            List.of(STORAGE_PRESSURE),
            "a volume is more than 85 % full",
            "raise `spec.storage.size`"),
    BACKUP_NOT_CONFIGURED("BackupNotConfigured", List.of(BACKUP_HEALTHY), "`spec.backup` names no destination", ""),
    BACKUPS_HEALTHY(
            "BackupsHealthy",
            List.of(BACKUP_HEALTHY),
            "the last backup succeeded, none is overdue, and WAL is archived",
            ""),
    NO_BACKUP_YET(
            "NoBackupYet",
            List.of(BACKUP_HEALTHY),
            "no base backup has succeeded yet",
            "wait for the first one, or request one with the annotation `trigger-backup`"),
    LAST_BACKUP_FAILED(
            "LastBackupFailed",
            List.of(BACKUP_HEALTHY),
            "the last base backup failed, or the list of backups cannot be read",
            "see the message; a failed backup is retried by itself"),
    WAL_ARCHIVING_FAILED(
            "WALArchivingFailed",
            List.of(BACKUP_HEALTHY),
            "WAL is not archived, or waits for long: it fills the volume, and a restore does not reach the present",
            "see the message, which quotes the object store or the backup engine"),
    WAL_ARCHIVING_DISABLED(
            "WALArchivingDisabled",
            List.of(BACKUP_HEALTHY),
            "`spec.backup.walArchiving.enabled` is `false`, and no base backup can be restored without its WAL",
            "set it to `true`"),
    BACKUP_OVERDUE(
            "BackupOverdue",
            List.of(BACKUP_HEALTHY),
            "the last successful base backup is older than two intervals of the schedule",
            "see `status.backup.lastError`"),
    CLAIMING_REPOSITORY(
            "ClaimingRepository",
            List.of(BACKUP_HEALTHY),
            "the operator has not found out yet whether the prefix in the bucket is free; nothing is archived until then",
            "wait; the message says for what"),
    VERIFIED("Verified", List.of(BACKUP_VERIFIED), "the last restore test succeeded, and it is not too old", ""),
    NEVER_VERIFIED(
            "NeverVerified",
            List.of(BACKUP_VERIFIED),
            "no restore test has ended yet",
            "wait for the first one, or request one with the annotation `verify-backup`"),
    VERIFICATION_FAILED(
            "VerificationFailed",
            List.of(BACKUP_VERIFIED),
            "a backup cannot be restored, or what it restores is damaged; the message names the first finding",
            "see the message and `kubectl logs job/<cluster>-verify`; take a new backup when the source is sound"),
    VERIFICATION_INCOMPLETE(
            "VerificationIncomplete",
            List.of(BACKUP_VERIFIED),
            "the last restore test could not be finished, so it says nothing about the backups",
            "see the message, correct the cause, and request another one with the annotation `verify-backup`"),
    VERIFICATION_OVERDUE(
            "VerificationOverdue",
            List.of(BACKUP_VERIFIED),
            "the last successful restore test is older than two intervals of `spec.backup.verify.schedule`",
            "see the events of the cluster and of the Job `<cluster>-verify`"),
    RESTORE_RETRYING(
            "RestoreRetrying",
            List.of(READY, PROGRESSING),
            "something keeps the restore from going on, such as an object store that does not answer; it is tried again until it works",
            "see the message, which quotes the object store or the server"),
    RESTORING("Restoring", List.of(READY, PROGRESSING), "the cluster is being restored from backups", ""),
    SCALED_OBJECT_APPLIED(
            "ScaledObjectApplied", List.of(AUTOSCALING_ACTIVE), "KEDA has been told to scale the members", ""),
    SCALE_OUT_PAUSED(
            "ScaleOutPaused",
            List.of(AUTOSCALING_ACTIVE),
            "a replica exceeds the lag threshold, so no members are added until it has caught up; members may be removed",
            "see `status.replicationLag`"),
    KEDA_NOT_INSTALLED(
            "KedaNotInstalled",
            List.of(AUTOSCALING_ACTIVE),
            "the API server does not serve KEDA's API; the cluster runs with `spec.replicas`",
            "install KEDA 2.18 or newer"),
    METRICS_SERVER_NOT_AVAILABLE(
            "MetricsServerNotAvailable",
            List.of(AUTOSCALING_ACTIVE),
            "the CPU of the members is to be measured, and `metrics.k8s.io` is not served; no members are removed",
            "install metrics-server"),
    CPU_REQUEST_MISSING(
            "CpuRequestMissing",
            List.of(AUTOSCALING_ACTIVE),
            "CPU utilization is a share of the request, and there is none",
            "set `spec.resources.requests.cpu`, or scale by `spec.scaling.connectionThreshold`"),
    SCALED_OBJECT_NOT_READY(
            "ScaledObjectNotReady",
            List.of(AUTOSCALING_ACTIVE),
            "KEDA cannot measure or scale; the number of members stays as it is",
            "see the message and `kubectl describe scaledobject`"),
    NO_HEADROOM(
            "NoHeadroom",
            List.of(AUTOSCALING_ACTIVE),
            "`scaling.maxReplicas` is not higher than `scaling.minReplicas`; the cluster runs with `spec.replicas`",
            "raise `spec.scaling.maxReplicas`"),
    UPGRADING(
            "Upgrading",
            List.of(PROGRESSING, POD_GENERATION_SYNCED),
            "the cluster changes to another major version; `status.versionUpgrade` says how far it is",
            ""),
    SCALING_DISABLED("ScalingDisabled", List.of(AUTOSCALING_ACTIVE), "`spec.scaling` is not enabled", "");

    private final String label;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<ConditionType> conditions;

    private final String meaning;
    private final String action;

    Reason(String label, List<ConditionType> conditions, String meaning, String action) {
        this.label = label;
        this.conditions = conditions;
        this.meaning = meaning;
        this.action = action;
    }

    /** The reason of this label; nothing where there is none. */
    public static Optional<Reason> of(String label) {
        return Arrays.stream(values())
                .filter(reason -> reason.label.equals(label))
                .findFirst();
    }

    @Override
    public String label() {
        return label;
    }

    /** The conditions that have this reason. */
    public List<ConditionType> conditions() {
        return conditions;
    }

    /** What is the case, as a clause in Markdown. */
    public String meaning() {
        return meaning;
    }

    /** What a user does about it, as a clause in Markdown; empty where nothing is to be done. */
    public String action() {
        return action;
    }

    /** Whether the user has to change something before the spec is carried out. */
    public boolean failure() {
        return conditions.containsAll(Of.FAILURES);
    }

    /** Lists of conditions that several reasons share. */
    private static final class Of {
        static final List<ConditionType> FAILURES = List.of(READY, DEGRADED, CONFIGURATION_VALID);

        static List<ConditionType> failuresAnd(ConditionType other) {
            return Stream.concat(FAILURES.stream(), Stream.of(other)).toList();
        }
    }
}

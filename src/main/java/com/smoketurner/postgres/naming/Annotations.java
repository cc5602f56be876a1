package com.smoketurner.postgres.naming;

/** Keys of the annotations the operator reads or writes. */
public final class Annotations {
    // On a PostgresCluster, written by users.
    public static final String TRIGGER_BACKUP = ApiGroup.key("trigger-backup");
    public static final String VERIFY_BACKUP = ApiGroup.key("verify-backup");
    public static final String RESTART = ApiGroup.key("restart");
    public static final String SWITCHOVER = ApiGroup.key("switchover");
    public static final String REINITIALIZE = ApiGroup.key("reinitialize");
    public static final String PAUSE = ApiGroup.key("pause");

    /** On a PostgresCluster: the namespaces whose PostgresDatabases it accepts, separated by commas, or {@code *}. */
    public static final String ALLOW_DATABASES_FROM = ApiGroup.key("allow-databases-from");

    /** On a PostgresDatabase, written by users: {@code true} takes over a database and roles that the operator did not create. */
    public static final String ADOPT = ApiGroup.key("adopt");

    /**
     * On a PostgresCluster, written by the operator: member and time of the switchover that it has accepted, so that neither
     * a crash nor another reconciliation starts a second one.
     */
    public static final String SWITCHOVER_ACCEPTED = ApiGroup.key("switchover-accepted");

    /** On the pod template: hash of all that needs a new pod when it changes. */
    public static final String POD_TEMPLATE_HASH = ApiGroup.key("pod-template-hash");

    /** On a member: keys of the user's labels it carries, separated by commas, so that those taken back can be removed. */
    public static final String USER_LABELS = ApiGroup.key("user-labels");

    /**
     * On a member: the resources that were last requested for its pod, and the pod's generation then. What the pod has beside
     * or instead was added by admission.
     */
    public static final String REQUESTED_RESOURCES = ApiGroup.key("requested-resources");

    /** On a member, written by itself: how full its volume is, in percent. */
    public static final String STORAGE_USED = ApiGroup.key("storage-used");

    /** On a member, written at the same time: the replication slot that holds much of the volume, in words; absent without one. */
    public static final String STORAGE_HELD = ApiGroup.key("storage-held");

    /** On a member, written by itself: the last job of the backup engine, as JSON. */
    public static final String BACKUP_JOB = ApiGroup.key("backup-job");

    /** On a member, written by itself while it is the primary: how WAL archiving goes, as JSON. */
    public static final String ARCHIVE = ApiGroup.key("archive");

    /** On a member, written by itself: how far the restore of the cluster is, as JSON. */
    public static final String RESTORE = ApiGroup.key("restore");

    /** On a member, written by itself: how far the change to another major version is, as JSON. */
    public static final String UPGRADE = ApiGroup.key("upgrade");

    /**
     * On a member, written by the operator: revision of the backup settings. The change of the pod itself makes the kubelet
     * write the new ones into it at once.
     */
    public static final String BACKUP_REVISION = ApiGroup.key("backup-revision");

    /** On the Job {@code <c>-verify}: what the restore test is, as JSON. */
    public static final String VERIFICATION = ApiGroup.key("verification");

    /** On the Secret {@code <c>-backup}: fingerprint of the place in the object store that it names. */
    public static final String BACKUP_PLACE = ApiGroup.key("backup-place");

    /** On the Secret {@code <c>-backup}: fingerprint of the key of the first backups, which lie at the path itself. */
    public static final String BACKUP_FIRST_KEY = ApiGroup.key("backup-first-key");

    /** On the Secret {@code <c>-backup}: fingerprint of the key in use. */
    public static final String BACKUP_KEY = ApiGroup.key("backup-key");

    /** On a member, written by the operator: since when its server is broken, and how far it had replayed by then. */
    public static final String BROKEN_SINCE = ApiGroup.key("broken-since");

    /**
     * On a member, written by the operator: when its passwords last changed. The change of the pod itself makes the kubelet write
     * the new ones into it at once.
     */
    public static final String PASSWORDS_CHANGED = ApiGroup.key("passwords-changed");

    /**
     * On a member, written by the operator: fingerprint of the certificate that it is to show. The change of the pod itself makes
     * the kubelet write the certificate into it at once.
     */
    public static final String CERTIFICATE = ApiGroup.key("certificate");

    /**
     * On a member or a pod of a pooler, written by the operator while there are several authorities: the fingerprint of those that it
     * is to trust. The change of the pod itself makes the kubelet write them into it at once.
     */
    public static final String AUTHORITIES = ApiGroup.key("authorities");

    /** On the ConfigMap with the authorities: those that no longer sign, and since when. */
    public static final String FORMER_AUTHORITIES = ApiGroup.key("former-authorities");

    /** On a member's volume claim, written by the operator: its data is to be copied from the primary again, and since when. */
    public static final String REBUILD_ORDERED = ApiGroup.key("rebuild-ordered");

    /** On a member's volume claim, written by the operator: when its data was last copied from the primary. */
    public static final String REBUILT = ApiGroup.key("rebuilt");

    /**
     * On the ConfigMap {@code <c>-patroni-config}: every member is being stopped on purpose (deletion, hibernation), so a
     * leader that is stopped does not look for a successor.
     */
    public static final String STOPPING = ApiGroup.key("stopping");

    /**
     * On the ConfigMap {@code <c>-patroni-config}: names of the parameters that {@code spec.postgresqlParams} sets, separated
     * by commas, so that those taken back can be removed.
     */
    public static final String USER_PARAMETERS = ApiGroup.key("user-parameters");

    /**
     * On the ConfigMap {@code <c>-patroni-config}: the parameters of the spec were there before the first server, which is
     * still to judge them.
     */
    public static final String UNJUDGED_PARAMETERS = ApiGroup.key("unjudged-parameters");

    /**
     * On the ConfigMap {@code <c>-patroni-config}: the mode that {@code spec.replication} sets, so that it ends when the field
     * is taken away; absent without that field.
     */
    public static final String REPLICATION = ApiGroup.key("replication");

    /**
     * On the NetworkPolicy {@code <c>-network-policy}: which rules for connections of the members were tried, and with what
     * result. On a pod, written by the member itself: the rules under which it reached the API server.
     */
    public static final String EGRESS_TRIAL = ApiGroup.key("egress-trial");

    /** On a ScaledObject: KEDA adds no members while it is {@code true}. */
    public static final String PAUSED_SCALE_OUT = "autoscaling.keda.sh/paused-scale-out";

    /** On a pod template, written by {@code kubectl rollout restart} and preserved by every apply. */
    public static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    /** On a pod: the container that kubectl takes when none is named. */
    public static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    private Annotations() {}
}

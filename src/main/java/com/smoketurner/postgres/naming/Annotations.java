package com.smoketurner.postgres.naming;

/** Keys of the annotations the operator reads or writes. */
public final class Annotations {
    // On a PostgresCluster, written by users.
    public static final String TRIGGER_BACKUP = ApiGroup.key("trigger-backup");
    public static final String RESTART = ApiGroup.key("restart");
    public static final String SWITCHOVER = ApiGroup.key("switchover");
    public static final String REINITIALIZE = ApiGroup.key("reinitialize");
    public static final String PAUSE = ApiGroup.key("pause");
    public static final String ALLOW_DATABASES_FROM = ApiGroup.key("allow-databases-from");
    public static final String FENCE = ApiGroup.key("fence");

    // On a PostgresUpgrade, written by users.
    public static final String CUTOVER = ApiGroup.key("cutover");
    public static final String ROLLBACK = ApiGroup.key("rollback");
    public static final String ACCEPT_DATA_LOSS = ApiGroup.key("accept-data-loss");
    public static final String SKIP_VERIFICATION = ApiGroup.key("skip-verification");

    // On the source cluster of an upgrade, written by the operator.
    public static final String UPGRADE_IN_PROGRESS = ApiGroup.key("upgrade-in-progress");
    public static final String SUPERSEDED_BY = ApiGroup.key("superseded-by");

    /** On the pod template: hash of all that needs a new pod when it changes. */
    public static final String POD_TEMPLATE_HASH = ApiGroup.key("pod-template-hash");

    /** On a member: keys of the user's labels it carries, separated by commas, so that those taken back can be removed. */
    public static final String USER_LABELS = ApiGroup.key("user-labels");

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

    /** On a pod template, written by {@code kubectl rollout restart} and preserved by every apply. */
    public static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    /** On a pod: the container that kubectl takes when none is named. */
    public static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

    /** On a ScaledObject: no scale out while replicas lag. */
    public static final String PAUSED_SCALE_OUT = "autoscaling.keda.sh/paused-scale-out";

    private Annotations() {}
}

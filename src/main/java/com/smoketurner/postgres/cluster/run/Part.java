package com.smoketurner.postgres.cluster.run;

import java.util.Locale;
import java.util.Set;

/**
 * The parts of a cluster in the order in which a reconciliation takes them. Each is owned by one {@link Step}; what a step
 * answers is kept under its part, so that every condition knows whose answer it shows.
 */
public enum Part {
    /** Whether the spec can be carried out at all. */
    SPEC,
    CREDENTIALS,
    ACCESS,
    /** The Secrets with the settings of the backup engine, before the pods that read them. */
    BACKUP_SETTINGS,
    /** Whether and from where the cluster is restored: no pod is started before that can be done. */
    RESTORE_SETTINGS,
    /** Patroni's configuration, before the pods that read it. */
    CONFIGURATION,
    SERVICES,
    DISRUPTION_BUDGET,
    /** Who reaches the members, before there are any. */
    NETWORK_POLICY,
    /** The role that reads metrics and the Service that serves them, before the pods that mount its password. */
    METRICS,
    STORAGE,
    /** A pod cannot mount a certificate that is not issued: all later parts wait while this one waits. */
    TLS,
    /** The authorities that members, poolers and clients trust, before the pods that mount them. */
    TRUST,
    /** The StatefulSet; its pods are started from all of the above. */
    MEMBERS(CREDENTIALS, ACCESS, RESTORE_SETTINGS, CONFIGURATION, METRICS, TLS, TRUST),
    /** Another attempt where the member that was creating the server is gone. */
    BOOTSTRAP,
    /** The choice of the backup, which the first member waits for. */
    RESTORE,
    USER_LABELS,
    ROUTING,
    READERS,
    /** The change to another major version; while nobody can write because of it, nothing later is done. */
    UPGRADE,
    /** KEDA's objects, behind what says which replicas lag. */
    AUTOSCALING,
    PASSWORDS,
    /** Poolers, behind the role by which they look up their clients. */
    POOLER,
    CERTIFICATE_RELOAD,
    REBUILD,
    SWITCHOVER,
    /** Everything that restarts members; last, when nothing else is left to do without a restart. */
    ROLLOUT(CREDENTIALS, ACCESS, CONFIGURATION, TLS, TRUST, MEMBERS),
    /** Base backups, retention, and whose the repository is. */
    BACKUP,
    /** Restore tests. */
    VERIFY,
    /** Whether somebody has set other parameters on the servers; behind all else, which does not wait for their answers. */
    OVERRIDES;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<Part> needs;

    Part(Part... needs) {
        this.needs = Set.of(needs);
    }

    /** Parts without which this one is not taken: while one of them fails, no pod is started or restarted. */
    public Set<Part> needs() {
        return needs;
    }

    /** Whether later parts have to wait while this one waits. */
    public boolean gates() {
        return this == TLS;
    }

    /** Whether it is taken also while the cluster is paused or its spec is rejected: no client is routed to a former primary. */
    public boolean always() {
        return this == SPEC || this == ROUTING || this == READERS;
    }

    /** Whether later parts are taken although this one is rejected: the cluster serves without it. */
    public boolean optional() {
        return this == BACKUP_SETTINGS || this == UPGRADE || this == BACKUP || this == VERIFY || this == AUTOSCALING;
    }

    /** Its name in messages, such as {@code disruption budget}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}

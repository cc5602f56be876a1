package com.smoketurner.postgres.ops;

import com.smoketurner.postgres.api.BackupEngine;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The operator's configuration, fed by the variables {@code POSTGRES_OPERATOR_*} that {@link Environment} judges first.
 *
 * <p>What may be left empty is an {@link Optional}: an empty value in a ConfigMap then means the default.
 */
@ConfigMapping(prefix = "postgres-operator")
public interface OperatorConfig {
    /** {@code POD_NAME}: the identity in the Lease and in events. */
    Optional<String> podName();

    /** {@code POD_NAMESPACE}: where the Lease is and whence the operator reaches the databases. */
    Optional<String> podNamespace();

    /** The namespaces whose clusters are managed; empty for all. */
    Optional<Set<String>> watchNamespaces();

    @WithName("image-15")
    Optional<String> image15();

    @WithName("image-16")
    Optional<String> image16();

    @WithName("image-17")
    Optional<String> image17();

    @WithName("image-18")
    Optional<String> image18();

    /** The image of the exporter where a cluster names none. */
    Optional<String> imageExporter();

    /** The image of PgBouncer where a cluster names none. */
    Optional<String> imagePgbouncer();

    /** The id of user {@code postgres} in the database images. */
    @WithDefault("101")
    int imageUid();

    @WithDefault("103")
    int imageGid();

    /** {@code kind/name} of the issuer for clusters without {@code spec.tls}. */
    Optional<String> defaultIssuer();

    @WithDefault("cluster.local")
    String clusterDomain();

    /** Whether a PostgresDatabase may ask for rights of a superuser in the namespace of its cluster. */
    @WithDefault("true")
    boolean allowPrivilegedRoles();

    /** Where KEDA runs: it counts the connections of members whose network policy is enabled. */
    @WithDefault("keda")
    String kedaNamespace();

    @WithDefault("30")
    int resyncSeconds();

    @WithDefault("10")
    int maxConcurrentReconciles();

    @WithDefault("1")
    int maxConcurrentImageRollouts();

    /** {@code auto}, {@code direct}, {@code port-forward} or {@code exec}. */
    @WithDefault("auto")
    String connectMode();

    /** {@code auto}, {@code true} or {@code false}. */
    @WithDefault("auto")
    String inPlaceResize();

    /** The backup engine of clusters that name none: {@code WalG} or {@code PgBackRest}. */
    @WithDefault("WalG")
    BackupEngine backupEngine();

    @WithDefault("true")
    boolean leaderElection();

    /** How long a creation may take before its obstacle is looked for. */
    @WithDefault("10m")
    Duration creationTimeout();

    /** How long a cluster may lack a primary before it counts as failed. */
    @WithDefault("10m")
    Duration primaryUnavailableTimeout();

    /** How long a change waits for a member that does not come back before it counts as stopped. */
    @WithDefault("10m")
    Duration stuckChangeTimeout();

    /** How long a deletion waits for the pods before it goes on without them. */
    @WithDefault("5m")
    Duration deletionTimeout();

    /** How long a member may be unready before the cluster counts as degraded. */
    @WithDefault("30s")
    Duration degradedAfter();

    /** How long a cluster may lack a leader before it counts as recovering. */
    @WithDefault("10s")
    Duration noPrimaryAfter();

    /** Whether the controllers start with the application; tests of the wiring alone have no API server. */
    @WithDefault("true")
    boolean start();
}

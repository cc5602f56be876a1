package com.smoketurner.postgres.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Optional;

/** A highly available PostgreSQL. */
@Group("postgres-operator.smoketurner.com")
@Version("v1alpha1")
@Categories({"all", "databases", "postgresql"})
@ShortNames("pgc")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".spec.version")
@AdditionalPrinterColumn(name = "Replicas", jsonPath = ".spec.replicas", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.readyReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Primary", jsonPath = ".status.primaryPod", priority = 1)
@AdditionalPrinterColumn(name = "Successor", jsonPath = ".status.successor.name", priority = 1)
@AdditionalPrinterColumn(
        name = "Lagging",
        jsonPath = ".status.replicasLagging",
        type = AdditionalPrinterColumn.Type.BOOLEAN,
        priority = 1)
@ValidationRule(
        value = "self.metadata.name.size() <= 50 && self.metadata.name.matches('" + Rules.CLUSTER_NAME_PATTERN
                + "') && !self.metadata.name.matches('" + Rules.CLUSTER_NAME_SUFFIXES + "')",
        message = Rules.CLUSTER_NAME_MESSAGE)
@ValidationRule(
        value =
                "self.spec.version == oldSelf.spec.version || int(self.spec.version) >= (has(oldSelf.status) &&"
                        + " has(oldSelf.status.currentVersion) ? int(oldSelf.status.currentVersion) : int(oldSelf.spec.version))",
        messageExpression = "'PostgreSQL version downgrades are not allowed. Current version: ' + (has(oldSelf.status)"
                + " && has(oldSelf.status.currentVersion) ? oldSelf.status.currentVersion : oldSelf.spec.version)"
                + " + ', requested: ' + self.spec.version",
        message = "PostgreSQL version downgrades are not allowed")
@ValidationRule(
        value = "!has(oldSelf.status) || !has(oldSelf.status.backup) || !has(oldSelf.status.backup.lastBackupName)"
                + " || !has(self.spec.backup) || !has(oldSelf.spec.backup)"
                + " || (has(self.spec.backup.engine) == has(oldSelf.spec.backup.engine)"
                + " && (!has(self.spec.backup.engine) || self.spec.backup.engine == oldSelf.spec.backup.engine))",
        message = "backup.engine cannot be changed once a backup exists")
public final class PostgresCluster extends CustomResource<PostgresClusterSpec, PostgresClusterStatus>
        implements Namespaced {

    /** The major version that runs, as the primary has last told; that of the spec before it has. */
    public String runningMajor() {
        return Optional.ofNullable(getStatus())
                .map(PostgresClusterStatus::currentVersion)
                .orElseGet(() -> getSpec().version());
    }

    /** Whether a newer major version is requested than the one that runs. */
    public boolean upgradeRequested() {
        return Integer.parseInt(getSpec().version()) > Integer.parseInt(runningMajor());
    }

    /** The last change to another major version, as the status shows it. */
    public Optional<VersionUpgrade> versionUpgrade() {
        return Optional.ofNullable(getStatus()).map(PostgresClusterStatus::versionUpgrade);
    }

    /**
     * Leaves out which fields belong to whom, keeping by whom and when: the conditions alone make it larger than the cluster
     * itself, for each of hundreds in memory, and nobody looks at it.
     */
    @Override
    public void setMetadata(ObjectMeta metadata) {
        if (metadata != null) {
            metadata.getManagedFields().forEach(entry -> entry.setFieldsV1(null));
        }
        super.setMetadata(metadata);
    }
}

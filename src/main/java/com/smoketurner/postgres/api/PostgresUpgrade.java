package com.smoketurner.postgres.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A blue-green upgrade of a cluster to a higher major version. */
@Group("postgres-operator.smoketurner.com")
@Version("v1alpha1")
@Categories({"all", "databases", "postgresql"})
@ShortNames({"pgu", "pgup", "pgupgrade"})
@AdditionalPrinterColumn(name = "Source", jsonPath = ".spec.sourceCluster.name")
@AdditionalPrinterColumn(name = "TargetVer", jsonPath = ".spec.targetVersion")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
        name = "Lag",
        jsonPath = ".status.replication.lagSeconds",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Target", jsonPath = ".status.targetCluster.name", priority = 1)
public final class PostgresUpgrade extends CustomResource<PostgresUpgradeSpec, PostgresUpgradeStatus>
        implements Namespaced {}

package com.smoketurner.postgres.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A database in a cluster, with its roles, grants, extensions and credentials. */
@Group("postgres-operator.smoketurner.com")
@Version("v1alpha1")
@Categories({"all", "databases", "postgresql"})
@ShortNames("pgdb")
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.clusterRef.name")
@AdditionalPrinterColumn(name = "Database", jsonPath = ".spec.database.name")
@AdditionalPrinterColumn(name = "Owner", jsonPath = ".spec.database.owner")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Secret", jsonPath = ".status.secretName", priority = 1)
@ValidationRule(
        value = "self.metadata.name.size() <= 63",
        message = "the name of a PostgresDatabase must be at most 63 characters: it is the value of a label")
public final class PostgresDatabase extends CustomResource<PostgresDatabaseSpec, PostgresDatabaseStatus>
        implements Namespaced {}

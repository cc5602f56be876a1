package com.smoketurner.postgres.api;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A highly available PostgreSQL. */
@Group("postgres-operator.smoketurner.com")
@Version("v1alpha1")
@ShortNames("pgc")
public final class PostgresCluster extends CustomResource<PostgresClusterSpec, Void> implements Namespaced {}

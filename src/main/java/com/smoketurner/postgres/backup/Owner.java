package com.smoketurner.postgres.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The cluster that a repository belongs to, as the marker object in the repository has it.
 *
 * @param uid of the PostgresCluster
 * @param namespace of the PostgresCluster
 * @param name of the PostgresCluster
 * @param kubernetes UID of the namespace {@code kube-system}, which tells one Kubernetes from another
 */
@RegisterForReflection
@JsonIgnoreProperties(ignoreUnknown = true)
public record Owner(String uid, String namespace, String name, String kubernetes) {}

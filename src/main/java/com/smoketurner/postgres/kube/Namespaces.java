package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;

/** What has to be known of the namespaces of the clusters. */
public final class Namespaces {

    private Namespaces() {}

    /** Whether new objects can be made in a namespace: not in one that is being deleted. Asks the API server. */
    public static boolean active(KubernetesClient client, String name) {
        Namespace namespace = client.namespaces().withName(name).get();
        return namespace != null && namespace.getMetadata().getDeletionTimestamp() == null;
    }
}

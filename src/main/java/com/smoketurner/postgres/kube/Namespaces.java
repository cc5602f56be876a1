package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** What has to be known of the namespaces of the clusters. */
public final class Namespaces {

    private Namespaces() {}

    /** The UID of a namespace; nothing where it does not exist or may not be read. Asks the API server. */
    public static Optional<String> uid(KubernetesClient client, String name) {
        return ApiFailure.unlessForbidden(
                Optional.empty(),
                () -> Optional.ofNullable(client.namespaces().withName(name).get())
                        .map(namespace -> namespace.getMetadata().getUid()));
    }

    /** Whether new objects can be made in a namespace: not in one that is being deleted. Asks the API server. */
    public static boolean active(KubernetesClient client, String name) {
        Namespace namespace = client.namespaces().withName(name).get();
        return namespace != null && namespace.getMetadata().getDeletionTimestamp() == null;
    }
}

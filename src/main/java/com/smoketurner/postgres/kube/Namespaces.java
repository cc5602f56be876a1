package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.kube.ClusterReads.Read;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;

/** What has to be known of the namespaces of the clusters. */
public final class Namespaces {

    static final String KUBE_SYSTEM = "kube-system";

    private Namespaces() {}

    /** What tells one Kubernetes from another, the UID of a namespace; nothing where it may not be read. Asks the API server. */
    public static Optional<String> kubernetesId(KubernetesClient client, ClusterReads reads) {
        return reads.allowed(Read.KUBERNETES_ID)
                ? ApiFailure.unlessForbidden(
                        Optional.empty(),
                        () -> Optional.ofNullable(client.namespaces()
                                        .withName(KUBE_SYSTEM)
                                        .get())
                                .map(namespace -> namespace.getMetadata().getUid()))
                : Optional.empty();
    }

    /** Whether new objects can be made in a namespace: not in one that is being deleted. Asks the API server. */
    public static boolean active(KubernetesClient client, String name) {
        Namespace namespace = client.namespaces().withName(name).get();
        return namespace != null && namespace.getMetadata().getDeletionTimestamp() == null;
    }
}

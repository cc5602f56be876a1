package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** The volume claims, which the StatefulSet's controller makes. */
@Singleton
public final class VolumeClaims {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final ClusterReads reads;

    VolumeClaims(KubernetesClient client, ClusterReads reads) {
        this.client = client;
        this.reads = reads;
    }

    /**
     * Whether volumes of this class can grow. Asks the API server; where the class may not be read, the API server says so when
     * the claim is raised.
     */
    public boolean mayGrow(String storageClass) {
        if (storageClass.isEmpty()) {
            return false;
        }
        if (!reads.allowed(ClusterReads.Read.STORAGE_CLASSES)) {
            return true;
        }
        StorageClass live =
                client.storage().v1().storageClasses().withName(storageClass).get();
        return live != null && Boolean.TRUE.equals(live.getAllowVolumeExpansion());
    }

    /**
     * Asks for a larger volume.
     *
     * @return why the API server does not take it, such as a quota; nothing when it did
     */
    public Optional<String> raise(Applier applier, PersistentVolumeClaim claim, Quantity size) {
        var spec = Map.of("resources", Map.of("requests", Map.of("storage", size.toString())));
        String body = client.getKubernetesSerialization().asJson(Map.of("spec", spec));
        try {
            String namespace = claim.getMetadata().getNamespace();
            String name = claim.getMetadata().getName();
            applier.change(
                    PersistentVolumeClaim.class,
                    namespace,
                    name,
                    c -> c.persistentVolumeClaims()
                            .inNamespace(namespace)
                            .withName(name)
                            .patch(MERGE, body));
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(ApiFailure.refusal(e).orElseThrow(() -> e));
        }
    }

    /**
     * Deletes a claim; that it is gone already, or going, is fine. It is requested first, because it lingers as long as a pod uses
     * it, and its namespace may be taking it away as well.
     */
    public void delete(PersistentVolumeClaim claim) {
        PersistentVolumeClaim live = client.resource(claim).get();
        if (live != null && live.getMetadata().getDeletionTimestamp() == null) {
            client.resource(live).delete();
        }
    }
}

package com.smoketurner.postgres.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.smoketurner.postgres.patroni.ConfigRecord;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.util.Map;

/** What the operator changes in the Endpoints that Patroni keeps its records in. */
@Singleton
public final class PatroniRecords {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;

    PatroniRecords(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Sets the dynamic configuration, unless the record has changed since it was seen: the conflict is answered by another
     * look.
     *
     * @param seen the record that the new configuration was made from
     */
    public void configure(Endpoints seen, String config) {
        annotate(seen, Map.of(ConfigRecord.CONFIG, config));
    }

    /**
     * Makes another server's data that of the cluster, and sets the dynamic configuration at the same time, unless the record has
     * changed since it was seen. The history of timelines is that of the former data.
     *
     * @param systemId PostgreSQL's system identifier of the data
     */
    public void replace(Endpoints seen, String systemId, String config) {
        annotate(
                seen,
                JsonNodeFactory.instance
                        .objectNode()
                        .put(ConfigRecord.INITIALIZE, systemId)
                        .put(ConfigRecord.CONFIG, config)
                        .putNull(ConfigRecord.HISTORY));
    }

    /** Lets a member take the key of the bootstrap again, unless the record has changed since it was seen. */
    public void releaseBootstrap(Endpoints seen) {
        var absent = JsonNodeFactory.instance.objectNode().putNull(ConfigRecord.INITIALIZE);
        annotate(seen, absent);
    }

    private void annotate(Endpoints seen, Object annotations) {
        var metadata = Map.of("resourceVersion", seen.getMetadata().getResourceVersion(), "annotations", annotations);
        client.endpoints()
                .inNamespace(seen.getMetadata().getNamespace())
                .withName(seen.getMetadata().getName())
                .patch(MERGE, client.getKubernetesSerialization().asJson(Map.of("metadata", metadata)));
    }
}

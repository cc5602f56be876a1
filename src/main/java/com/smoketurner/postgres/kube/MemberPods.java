package com.smoketurner.postgres.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is done to the members of a cluster that is no apply of a whole object. */
@Singleton
public final class MemberPods {

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;

    MemberPods(KubernetesClient client) {
        this.client = client;
    }

    /** Sets labels of a pod. */
    public void label(String namespace, String pod, Map<String, String> labels) {
        mark(namespace, pod, labels, Map.of());
    }

    /**
     * Changes labels and annotations of a pod in one request.
     *
     * @param labels the new values; null removes the label
     */
    public void mark(
            String namespace,
            String pod,
            Map<String, ? extends @Nullable String> labels,
            Map<String, String> annotations) {
        var metadata = Map.of("labels", nodes(labels), "annotations", nodes(annotations));
        String body = client.getKubernetesSerialization().asJson(Map.of("metadata", metadata));
        client.pods().inNamespace(namespace).withName(pod).patch(MERGE, body);
    }

    /** As a tree, because a map would be written without the keys to remove. */
    private static ObjectNode nodes(Map<String, ? extends @Nullable String> entries) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        entries.forEach(node::put);
        return node;
    }

    /** Deletes this very pod, not one that has taken its name since. The StatefulSet makes it anew. */
    public void recreate(String namespace, String pod, String uid) {
        Pod live = client.pods().inNamespace(namespace).withName(pod).get();
        if (live != null && uid.equals(live.getMetadata().getUid())) {
            client.resource(live)
                    .lockResourceVersion(live.getMetadata().getResourceVersion())
                    .delete();
        }
    }

    /** Deletes an object; that it is gone already is fine. */
    public void delete(HasMetadata object) {
        client.resource(object).delete();
    }

    /** Tells the members that they are stopped for good, and scales their StatefulSet to none. */
    public void stopAll(Optional<StatefulSet> set, String namespace, String configMap, OwnedCaches<?> caches) {
        caches.get(ConfigMap.class, namespace, configMap)
                .filter(map -> !"true".equals(annotations(map).get(Annotations.STOPPING)))
                .ifPresent(map -> client.configMaps()
                        .inNamespace(namespace)
                        .withName(configMap)
                        .patch(
                                MERGE,
                                "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}".formatted(Annotations.STOPPING)));
        set.filter(s -> s.getMetadata().getDeletionTimestamp() == null)
                .filter(s -> !Objects.equals(s.getSpec().getReplicas(), 0))
                .ifPresent(s -> client.apps()
                        .statefulSets()
                        .inNamespace(namespace)
                        .withName(s.getMetadata().getName())
                        .patch(MERGE, "{\"spec\":{\"replicas\":0}}"));
    }

    private static Map<String, String> annotations(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }
}

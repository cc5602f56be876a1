package com.smoketurner.postgres.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.naming.Annotations;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.readiness.Readiness;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is done to the members of a cluster that is no apply of a whole object. */
@Singleton
public final class MemberPods {

    /** Lists are merged by the names of their entries. */
    private static final PatchContext STRATEGIC = PatchContext.of(PatchType.STRATEGIC_MERGE);

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;

    public MemberPods(KubernetesClient client) {
        this.client = client;
    }

    /** Sets labels of a pod. */
    public void label(Applier applier, String namespace, String pod, Map<String, String> labels) {
        mark(applier, namespace, pod, labels, Map.of());
    }

    /**
     * Changes labels and annotations of a pod in one request. A pod that has them already gets none: the API server would
     * accept it and change nothing.
     *
     * @param labels the new values; null removes the label
     * @param annotations the new values; null removes the annotation
     */
    public void mark(
            Applier applier,
            String namespace,
            String pod,
            Map<String, ? extends @Nullable String> labels,
            Map<String, ? extends @Nullable String> annotations) {
        if (applier.known(Pod.class, namespace, pod)
                .map(Pod::getMetadata)
                .filter(known -> has(known.getLabels(), labels) && has(known.getAnnotations(), annotations))
                .isPresent()) {
            return;
        }
        var metadata = Map.of("labels", nodes(labels), "annotations", nodes(annotations));
        String body = client.getKubernetesSerialization().asJson(Map.of("metadata", metadata));
        applier.change(
                Pod.class,
                namespace,
                pod,
                c -> c.pods().inNamespace(namespace).withName(pod).patch(MERGE, body));
    }

    private static boolean has(@Nullable Map<String, String> known, Map<String, ? extends @Nullable String> wanted) {
        Map<String, String> entries = Objects.requireNonNullElse(known, Map.of());
        return wanted.entrySet().stream()
                .allMatch(entry -> Objects.equals(entries.get(entry.getKey()), entry.getValue()));
    }

    /** As a tree, because a map would be written without the keys to remove. */
    private static ObjectNode nodes(Map<String, ? extends @Nullable String> entries) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        entries.forEach(node::put);
        return node;
    }

    /** The names of the pods with these labels that are Ready, by a request. */
    public List<String> ready(String namespace, Map<String, String> labels) {
        return client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .filter(Readiness::isPodReady)
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
    }

    /** The names of the pods with these labels whose containers have started, Ready or not, and are not ending, by a request. */
    public List<String> running(String namespace, Map<String, String> labels) {
        return client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> pod.getStatus() != null
                        && "Running".equals(pod.getStatus().getPhase()))
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
    }

    /**
     * Deletes this very pod, not one that has taken its name since. The StatefulSet recreates it.
     *
     * @return whether it was there and not on its way out already
     */
    public boolean recreate(String namespace, String pod, String uid) {
        Pod live = client.pods().inNamespace(namespace).withName(pod).get();
        boolean same = live != null
                && uid.equals(live.getMetadata().getUid())
                && live.getMetadata().getDeletionTimestamp() == null;
        if (same) {
            client.resource(live)
                    .lockResourceVersion(live.getMetadata().getResourceVersion())
                    .delete();
        }
        return same;
    }

    /** Deletes this very StatefulSet and leaves its pods running. That it is gone already is fine. */
    public void orphan(StatefulSet set) {
        StatefulSet live = client.resource(set).get();
        if (live != null
                && live.getMetadata().getUid().equals(set.getMetadata().getUid())
                && live.getMetadata().getDeletionTimestamp() == null) {
            client.resource(live)
                    .withPropagationPolicy(DeletionPropagation.ORPHAN)
                    .delete();
        }
    }

    /**
     * Asks the node to give a container of a running pod these resources instead of those it has of the same names.
     *
     * @return the pod as it is then
     * @throws ChangeRefused if the API server does not take it, such as for a quota
     */
    public Pod resize(Applier applier, String namespace, String pod, String container, ResourceRequirements resources) {
        var spec = Map.of("containers", List.of(Map.of("name", container, "resources", resources)));
        String body = client.getKubernetesSerialization().asJson(Map.of("spec", spec));
        try {
            return applier.change(
                    Pod.class,
                    namespace,
                    pod,
                    c -> c.pods()
                            .inNamespace(namespace)
                            .withName(pod)
                            .subresource("resize")
                            .patch(STRATEGIC, body));
        } catch (KubernetesClientException e) {
            throw ApiFailure.refusal(e)
                    .<RuntimeException>map(ChangeRefused::new)
                    .orElse(e);
        }
    }

    /** Deletes an object; that it is gone already is fine. */
    public void delete(HasMetadata object) {
        client.resource(object).delete();
    }

    /** Tells the members that they are stopped for good, and scales their StatefulSet to none. */
    public void stopAll(Applier applier, Optional<StatefulSet> set, String namespace, String configMap) {
        applier.known(ConfigMap.class, namespace, configMap)
                .filter(map -> !"true".equals(annotations(map).get(Annotations.STOPPING)))
                .ifPresent(map -> applier.change(
                        ConfigMap.class,
                        namespace,
                        configMap,
                        c -> c.configMaps()
                                .inNamespace(namespace)
                                .withName(configMap)
                                .patch(
                                        MERGE,
                                        "{\"metadata\":{\"annotations\":{\"%s\":\"true\"}}}"
                                                .formatted(Annotations.STOPPING))));
        set.filter(s -> s.getMetadata().getDeletionTimestamp() == null)
                .filter(s -> !Objects.equals(s.getSpec().getReplicas(), 0))
                .ifPresent(s -> applier.change(
                        StatefulSet.class,
                        namespace,
                        s.getMetadata().getName(),
                        c -> c.apps()
                                .statefulSets()
                                .inNamespace(namespace)
                                .withName(s.getMetadata().getName())
                                .patch(MERGE, "{\"spec\":{\"replicas\":0}}")));
    }

    private static Map<String, String> annotations(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }
}

package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.kube.cache.Lookup;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks the API server once for each question, with the rights of whoever asks. Secrets are none of its business, and nodes
 * only where it may see them.
 */
public final class LiveLookup<P extends HasMetadata> implements Lookup<P> {

    private final KubernetesClient client;

    public LiveLookup(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name) {
        return type.equals(Secret.class)
                ? Optional.empty()
                : Optional.ofNullable(client.resources(type)
                        .inNamespace(namespace)
                        .withName(name)
                        .get());
    }

    @Override
    public Optional<GenericKubernetesResource> generic(String kind, String namespace, String name) {
        return kind.equals(Keda.SCALED_OBJECT) && watches(kind)
                ? ApiFailure.unlessForbidden(
                        Optional.empty(),
                        () -> Optional.ofNullable(client.genericKubernetesResources(Keda.API_VERSION, kind)
                                .inNamespace(namespace)
                                .withName(name)
                                .get()))
                : Optional.empty();
    }

    @Override
    public <R extends HasMetadata> List<R> list(Class<R> type, P owner) {
        return client
                .resources(type)
                .inNamespace(owner.getMetadata().getNamespace())
                .withLabel(Labels.MANAGED_BY, ApiGroup.OPERATOR)
                .withLabel(Labels.CLUSTER, owner.getMetadata().getName())
                .list()
                .getItems()
                .stream()
                .sorted(Comparator.comparing(object -> object.getMetadata().getName()))
                .toList();
    }

    @Override
    public Set<String> cordoned(Collection<String> nodes) {
        return ApiFailure.unlessForbidden(
                Set.of(),
                () -> client.nodes().withField("spec.unschedulable", "true").list().getItems().stream()
                        .map(node -> node.getMetadata().getName())
                        .filter(nodes::contains)
                        .collect(Collectors.toSet()));
    }

    @Override
    public boolean watches(String kind) {
        return kind.equals(Keda.SCALED_OBJECT) && client.supports(Keda.API_VERSION, kind);
    }
}

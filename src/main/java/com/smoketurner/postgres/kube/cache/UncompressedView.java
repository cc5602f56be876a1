package com.smoketurner.postgres.kube.cache;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds busy objects alone ({@link CachePruner#busy}); of all other types there seem to be none. */
record UncompressedView<P extends HasMetadata>(Lookup<P> all) implements Lookup<P> {

    @Override
    public <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name) {
        return CachePruner.busy(type) ? all.get(type, namespace, name) : Optional.empty();
    }

    @Override
    public Optional<GenericKubernetesResource> generic(String kind, String namespace, String name) {
        return Optional.empty();
    }

    @Override
    public <R extends HasMetadata> List<R> list(Class<R> type, P owner) {
        return CachePruner.busy(type) ? all.list(type, owner) : List.of();
    }

    @Override
    public Set<String> cordoned(Collection<String> nodes) {
        return all.cordoned(nodes);
    }

    @Override
    public boolean watches(String kind) {
        return all.watches(kind);
    }
}

package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.api.PostgresCluster;
import io.javaoperatorsdk.operator.api.reconciler.ResourceCache;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The PostgresClusters as their own controller has them, for the controllers of other kinds: a second watch would keep each of
 * them in memory twice.
 */
@Singleton
public final class ClusterDirectory {

    private final List<Consumer<ResourceID>> listeners = new CopyOnWriteArrayList<>();

    /** What others were last told of each cluster. */
    private final Map<ResourceID, String> told = new ConcurrentHashMap<>();

    private volatile @Nullable ResourceCache<PostgresCluster> cache;

    /** Takes the cache of the controller of clusters. */
    public void use(ResourceCache<PostgresCluster> clusters) {
        cache = clusters;
    }

    /** A cluster with its status as last written; nothing when there is none, or when its namespace is not watched. */
    public Optional<PostgresCluster> find(String namespace, String name) {
        ResourceCache<PostgresCluster> clusters = cache;
        return clusters == null ? Optional.empty() : clusters.get(new ResourceID(name, namespace));
    }

    /** Adds who is told of each cluster in which something has changed that concerns others. */
    public void tell(Consumer<ResourceID> listener) {
        listeners.add(listener);
    }

    /**
     * Tells of a cluster that was reconciled.
     *
     * @param state all that others go by
     */
    public void reconciled(PostgresCluster cluster, String state) {
        ResourceID id = ResourceID.fromResource(cluster);
        if (!state.equals(told.put(id, state))) {
            listeners.forEach(listener -> listener.accept(id));
        }
    }

    /** All that others go by of a cluster, as they were last told; empty before that. */
    public String state(PostgresCluster cluster) {
        return told.getOrDefault(ResourceID.fromResource(cluster), "");
    }

    /** Tells of a cluster that is gone. */
    public void gone(PostgresCluster cluster) {
        ResourceID id = ResourceID.fromResource(cluster);
        told.remove(id);
        listeners.forEach(listener -> listener.accept(id));
    }
}

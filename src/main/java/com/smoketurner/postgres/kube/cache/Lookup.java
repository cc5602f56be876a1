package com.smoketurner.postgres.kube.cache;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the objects that belong to a resource are found.
 *
 * @param <P> the kind of the custom resource
 */
public interface Lookup<P extends HasMetadata> {

    /** One object of a type of the client's model. */
    <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name);

    /** One object of a kind that the client has no model of. */
    Optional<GenericKubernetesResource> generic(String kind, String namespace, String name);

    /** All objects of one type that belong to the resource, by name. */
    <R extends HasMetadata> List<R> list(Class<R> type, P owner);

    /** Which of these nodes take no new pods. */
    Set<String> cordoned(Collection<String> nodes);

    /** Whether objects of this kind are looked at; false for an API that the cluster does not serve. */
    boolean watches(String kind);
}

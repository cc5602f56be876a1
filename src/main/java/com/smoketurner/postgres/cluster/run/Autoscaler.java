package com.smoketurner.postgres.cluster.run;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What was observed of KEDA and of the objects that this cluster has there.
 *
 * @param served whether the API server serves its API
 * @param scaledObject what makes it scale the members
 * @param authentication how it logs in to them
 */
public record Autoscaler(
        boolean served,
        Optional<GenericKubernetesResource> scaledObject,
        Optional<GenericKubernetesResource> authentication) {

    /** There is no KEDA. */
    public static final Autoscaler NONE = new Autoscaler(false, Optional.empty(), Optional.empty());

    /** Its objects of this cluster, in the order in which they go. */
    public Stream<GenericKubernetesResource> objects() {
        return Stream.concat(scaledObject.stream(), authentication.stream());
    }
}

package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.util.List;

/**
 * What the caches keep of an object. Two thirds of it are otherwise records of who owns which field and, with pods, a
 * specification that repeats the StatefulSet's: with hundreds of clusters more than the operator has memory.
 */
final class Lean {

    private Lean() {}

    /** Whether objects of a type change all the time, every few seconds by Patroni: they are kept as they are decoded. */
    static boolean busy(Class<?> type) {
        return type == Pod.class || type == Endpoints.class;
    }

    /**
     * Removes from the object what nobody looks at: other owners' fields, all owners' of what is never applied, of a pod all
     * but names, images, resources, its node and what {@code Member} reads of its status, and of Endpoints the addresses, since
     * Patroni's records are annotations.
     */
    static <R extends HasMetadata> R keep(R object) {
        var metadata = object.getMetadata();
        metadata.setManagedFields(
                busy(object.getClass())
                        ? List.of()
                        : metadata.getManagedFields().stream()
                                .filter(entry -> Applier.FIELD_MANAGER.equals(entry.getManager()))
                                .toList());
        if (busy(object.getClass()) && metadata.getLabels() != null) {
            metadata.getLabels().replaceAll((key, value) -> value.intern());
        }
        if (object instanceof Endpoints endpoints) {
            endpoints.setSubsets(List.of());
        }
        if (object instanceof Pod pod && pod.getSpec() != null && pod.getStatus() != null) {
            pod.setSpec(new PodSpecBuilder()
                    .withNodeName(pod.getSpec().getNodeName())
                    .withContainers(pod.getSpec().getContainers().stream()
                            .map(Lean::keep)
                            .toList())
                    .build());
            pod.setStatus(new PodStatusBuilder()
                    .withConditions(pod.getStatus().getConditions())
                    .withContainerStatuses(pod.getStatus().getContainerStatuses())
                    .withObservedGeneration(pod.getStatus().getObservedGeneration())
                    .withResize(pod.getStatus().getResize())
                    .withStartTime(pod.getStatus().getStartTime())
                    .build());
        }
        return object;
    }

    private static Container keep(Container container) {
        return new ContainerBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withResources(container.getResources())
                .build();
    }
}

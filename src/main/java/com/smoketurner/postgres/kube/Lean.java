package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * What the caches keep of an object. Two thirds of it are otherwise records of who owns which field and, with pods, a
 * specification that repeats the StatefulSet's: with hundreds of clusters more than the operator has memory.
 */
final class Lean {

    /**
     * Parts of the records of who owns which field. They are alike in all objects of a kind, but for the owner's UID in
     * one of them, and never changed.
     */
    private static final Map<Object, WeakReference<Object>> PARTS = Collections.synchronizedMap(new WeakHashMap<>());

    private Lean() {}

    /** Removes from the object what nobody looks at: other owners' fields, and of a pod all but names and resources. */
    static <R extends HasMetadata> R keep(R object) {
        var metadata = object.getMetadata();
        metadata.setManagedFields(metadata.getManagedFields().stream()
                .filter(entry -> Applier.FIELD_MANAGER.equals(entry.getManager()))
                .toList());
        metadata.getManagedFields().stream()
                .filter(entry -> entry.getFieldsV1() != null)
                .forEach(entry -> share(entry.getFieldsV1().getAdditionalProperties()));
        if (metadata.getLabels() != null) {
            metadata.getLabels().replaceAll((key, value) -> value.intern());
        }
        if (object instanceof ConfigMap map && map.getData() != null) {
            map.getData().replaceAll((key, value) -> value.intern()); // the scripts are the same in all
        }
        if (object instanceof Pod pod && pod.getSpec() != null) {
            pod.setSpec(new PodSpecBuilder()
                    .withContainers(pod.getSpec().getContainers().stream()
                            .map(Lean::keep)
                            .toList())
                    .build());
        }
        return object;
    }

    private static Container keep(Container container) {
        return new ContainerBuilder()
                .withName(container.getName())
                .withResources(container.getResources())
                .build();
    }

    /** Replaces every part of the tree by an equal one that is known. */
    private static void share(Map<String, Object> tree) {
        tree.replaceAll((key, value) -> {
            if (!(value instanceof Map<?, ?>)) {
                return value;
            }
            @SuppressWarnings("unchecked") // JSON
            var part = (Map<String, Object>) value;
            WeakReference<Object> known = PARTS.get(part);
            Object same = known == null ? null : known.get();
            if (same != null) {
                return same;
            }
            share(part);
            PARTS.put(part, new WeakReference<>(part));
            return part;
        });
    }
}

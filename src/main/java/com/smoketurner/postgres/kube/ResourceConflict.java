package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object that we need exists already and belongs to somebody else; it was left alone. */
public final class ResourceConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param object the one that is in the way
     */
    public ResourceConflict(HasMetadata object) {
        super("%s %s/%s exists and is not owned by this cluster; rename or remove it, or give the cluster another name"
                .formatted(
                        object.getKind(),
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName()));
    }
}

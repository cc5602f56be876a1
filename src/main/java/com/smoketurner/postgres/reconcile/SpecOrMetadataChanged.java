package com.smoketurner.postgres.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import java.util.Objects;

/** Wakes the reconciler for what people change of a cluster, not for the echo of a status written by the operator. */
public final class SpecOrMetadataChanged implements OnUpdateFilter<HasMetadata> {

    @Override
    public boolean accept(HasMetadata now, HasMetadata before) {
        ObjectMeta a = now.getMetadata();
        ObjectMeta b = before.getMetadata();
        return !Objects.equals(a.getGeneration(), b.getGeneration())
                || !Objects.equals(a.getDeletionTimestamp(), b.getDeletionTimestamp())
                || !Objects.equals(a.getLabels(), b.getLabels())
                || !Objects.equals(a.getAnnotations(), b.getAnnotations())
                || !Objects.equals(a.getFinalizers(), b.getFinalizers());
    }
}

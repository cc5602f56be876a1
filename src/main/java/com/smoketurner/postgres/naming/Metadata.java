package com.smoketurner.postgres.naming;

import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Objects;

/** The metadata every child object starts from. */
public final class Metadata {
    private Metadata() {}

    /** Metadata of a child that the garbage collector removes together with the cluster. */
    public static ObjectMeta of(PostgresCluster cluster, String name, Component component) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(cluster.getMetadata().getNamespace())
                .withLabels(Labels.of(cluster, component))
                .withOwnerReferences(controller(cluster))
                .build();
    }

    /** Whether the owner controls an object. */
    public static boolean controls(HasMetadata owner, HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference -> Boolean.TRUE.equals(reference.getController())
                        && Objects.equals(
                                reference.getUid(), owner.getMetadata().getUid()));
    }

    /** The reference by which a child names its owner. */
    public static OwnerReference controller(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }
}

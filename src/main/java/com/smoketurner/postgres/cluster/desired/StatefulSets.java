package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;

/** The members: Kubernetes creates their pods and volumes, the operator alone decides when a pod is replaced. */
public final class StatefulSets {
    private static final int REVISION_HISTORY = 5;

    /** Whatever the cluster's whenDeleted says: who deletes a StatefulSet by hand has not deleted the cluster. */
    private static final String RETAIN = "Retain";

    private StatefulSets() {}

    public static StatefulSet of(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        return of(cluster, inputs, MemberPodTemplate.of(cluster, settings, inputs));
    }

    /** With a pod template that has been made already. */
    public static StatefulSet of(PostgresCluster cluster, PodInputs inputs, PodTemplateSpec template) {
        var names = Names.of(cluster);
        return new StatefulSetBuilder()
                .withMetadata(Metadata.of(cluster, names.statefulSet(), Component.POSTGRESQL))
                .withNewSpec()
                .withReplicas(inputs.membersOf(cluster))
                .withServiceName(names.headlessService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withRevisionHistoryLimit(REVISION_HISTORY)
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted(RETAIN)
                .withWhenScaled(RETAIN)
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(Labels.memberSelector(cluster))
                .endSelector()
                .withTemplate(template)
                .withVolumeClaimTemplates(claim(cluster, inputs))
                .endSpec()
                .build();
    }

    /** Nothing in it can change once the StatefulSet exists: no label of the user, no size but the first. */
    private static PersistentVolumeClaim claim(PostgresCluster cluster, PodInputs inputs) {
        var storage = cluster.getSpec().storage();
        var fixed = inputs.claimSize();
        Quantity size = fixed != null ? fixed : Quantities.canonical(storage.size());
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(MemberVolumes.DATA)
                .withLabels(Labels.standard(cluster, Component.POSTGRESQL))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClass())
                .withNewResources()
                .withRequests(Map.of("storage", size))
                .endResources()
                .endSpec()
                .build();
    }
}

package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

/** {@code <c>-pdb}: one member at a time may be evicted; a single member is not protected, or no node could be drained. */
public final class DisruptionBudgets {
    private DisruptionBudgets() {}

    public static PodDisruptionBudget of(PostgresCluster cluster, PodInputs inputs) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).disruptionBudget(), Component.POSTGRESQL))
                .withNewSpec()
                .withMinAvailable(new IntOrString(Math.max(0, inputs.membersOf(cluster) - 1)))
                .withUnhealthyPodEvictionPolicy("IfHealthyBudget")
                .withNewSelector()
                .withMatchLabels(Labels.memberSelector(cluster))
                .endSelector()
                .endSpec()
                .build();
    }
}

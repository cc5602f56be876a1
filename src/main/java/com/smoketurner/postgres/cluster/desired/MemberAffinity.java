package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;

/** The user's affinity, and the wish that members run on different nodes and in different zones. */
final class MemberAffinity {
    private static final int NODE_WEIGHT = 100;
    private static final int ZONE_WEIGHT = 50;

    private MemberAffinity() {}

    static Affinity of(PostgresCluster cluster) {
        var wanted = cluster.getSpec().placementOrDefault().affinity();
        var affinity = wanted == null ? new AffinityBuilder() : new AffinityBuilder(wanted);
        return affinity.editOrNewPodAntiAffinity()
                .addToPreferredDuringSchedulingIgnoredDuringExecution(
                        apart(cluster, "kubernetes.io/hostname", NODE_WEIGHT),
                        apart(cluster, "topology.kubernetes.io/zone", ZONE_WEIGHT))
                .endPodAntiAffinity()
                .build();
    }

    private static WeightedPodAffinityTerm apart(PostgresCluster cluster, String topology, int weight) {
        return new WeightedPodAffinityTermBuilder()
                .withWeight(weight)
                .withNewPodAffinityTerm()
                .withNewLabelSelector()
                .withMatchLabels(Labels.memberSelector(cluster))
                .endLabelSelector()
                .withTopologyKey(topology)
                .endPodAffinityTerm()
                .build();
    }
}

package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Labels;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;
import java.util.Map;

/** The user's affinity, and the wish that members run on different nodes and in different zones. */
public final class MemberAffinity {
    private static final int NODE_WEIGHT = 100;
    private static final int ZONE_WEIGHT = 50;

    private MemberAffinity() {}

    static Affinity of(PostgresCluster cluster) {
        var wanted = cluster.getSpec().placementOrDefault().affinity();
        var affinity = wanted == null ? new AffinityBuilder() : new AffinityBuilder(wanted);
        return affinity.editOrNewPodAntiAffinity()
                .addToPreferredDuringSchedulingIgnoredDuringExecution(
                        onOtherNodes(Labels.memberSelector(cluster)),
                        apart(Labels.memberSelector(cluster), "topology.kubernetes.io/zone", ZONE_WEIGHT))
                .endPodAntiAffinity()
                .build();
    }

    /** The wish that pods with these labels run on different nodes. */
    public static WeightedPodAffinityTerm onOtherNodes(Map<String, String> selector) {
        return apart(selector, "kubernetes.io/hostname", NODE_WEIGHT);
    }

    private static WeightedPodAffinityTerm apart(Map<String, String> selector, String topology, int weight) {
        return new WeightedPodAffinityTermBuilder()
                .withWeight(weight)
                .withNewPodAffinityTerm()
                .withNewLabelSelector()
                .withMatchLabels(selector)
                .endLabelSelector()
                .withTopologyKey(topology)
                .endPodAffinityTerm()
                .build();
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the members may run, in the terms of a pod. */
@ApiType
public record PlacementSpec(
        @JsonPropertyDescription("Labels that a node must have.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        Map<String, @Size(max = 63) String> nodeSelector,

        @JsonPropertyDescription("Taints that the members tolerate.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "Affinity to nodes and pods, in addition to the built-in preference for different nodes and zones.")
        @Nullable
        Affinity affinity,

        @JsonPropertyDescription("How the members spread over zones, nodes and other domains.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 20)
        List<TopologySpreadConstraint> topologySpreadConstraints) {
    public PlacementSpec {
        nodeSelector = Copies.map(nodeSelector);
        tolerations = Copies.list(tolerations);
        topologySpreadConstraints = Copies.list(topologySpreadConstraints);
    }
}

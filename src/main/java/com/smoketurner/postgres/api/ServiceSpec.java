package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Services that clients connect to. */
@ApiType
@ValidationRule(
        value =
                "!has(self.loadBalancerSourceRanges) || size(self.loadBalancerSourceRanges) == 0 || (has(self.type) && self.type == 'LoadBalancer')",
        message = "loadBalancerSourceRanges is only valid when service type is LoadBalancer")
@ValidationRule(
        value = "!has(self.externalTrafficPolicy) || (has(self.type) && self.type in ['NodePort', 'LoadBalancer'])",
        message = "externalTrafficPolicy is only valid for NodePort or LoadBalancer service types")
@ValidationRule(
        value = "!has(self.nodePort) || (has(self.type) && self.type == 'NodePort')",
        message = "nodePort is only valid when service type is NodePort")
public record ServiceSpec(
        @JsonPropertyDescription("Type of the primary, replica and pooler Services.") @Default("ClusterIP") @Nullable
        ServiceType type,

        @JsonPropertyDescription("Annotations added to those Services, for example for a cloud load balancer.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        Map<String, @Size(max = 4096) String> annotations,

        @JsonPropertyDescription(
                "CIDR blocks from which the load balancer accepts connections; only with type LoadBalancer.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        @ValidationRule(
                value = "self.all(c, isCIDR(c))",
                message = "service.loadBalancerSourceRanges must contain CIDR blocks")
        List<@Size(max = 43) String> loadBalancerSourceRanges,

        @JsonPropertyDescription(
                "Whether traffic from outside may be passed on to other nodes (Cluster) or keeps its source address on the receiving node (Local); only with NodePort and LoadBalancer.")
        @Nullable
        ExternalTrafficPolicy externalTrafficPolicy,

        @JsonPropertyDescription(
                "Port on every node for the primary Service (30000 to 32767); only with type NodePort.")
        @Min(30000)
        @Max(32767)
        @Nullable
        Integer nodePort,

        @JsonPropertyDescription(
                "Which replicas the Services for reading prefer: those in the zone of the client (PreferSameZone, PreferClose) or on its node (PreferSameNode); absent means that all serve alike.")
        @Nullable
        TrafficDistribution trafficDistribution) {
    public ServiceSpec {
        annotations = Copies.map(annotations);
        loadBalancerSourceRanges = Copies.list(loadBalancerSourceRanges);
    }

    public ServiceType typeOrDefault() {
        return type != null ? type : ServiceType.CLUSTER_IP;
    }
}

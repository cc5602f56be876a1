package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who may connect to the members. */
@ApiType
public record NetworkPolicySpec(
        @JsonPropertyDescription(
                "Whether connections are restricted; absent means false, or true when anything else of this block is set.")
        @Nullable
        Boolean enabled,

        @JsonPropertyDescription("Namespaces whose pods may connect.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<@Size(min = 1, max = 63) @Pattern(Rules.DNS_LABEL) String> allowFromNamespaces,

        @JsonPropertyDescription(
                "Labels that pods of the cluster's own namespace need to connect; absent means all of them may.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 50)
        @ValidationRule(value = Rules.LABEL_KEYS, message = Rules.LABEL_KEYS_MESSAGE)
        Map<String, @Size(max = 63) @Pattern(Rules.LABEL_VALUE_PATTERN) String> allowFromPodSelector,

        @JsonPropertyDescription("CIDR blocks outside the Kubernetes cluster that may connect.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        @ValidationRule(
                value = "self.all(c, isCIDR(c))",
                message = "networkPolicy.allowExternalCidrs must contain CIDR blocks")
        List<@Size(max = 43) String> allowExternalCidrs,

        @JsonPropertyDescription("Restrict also the connections the members open themselves.")
        @Default("false")
        @Nullable
        Boolean denyEgress,

        @JsonPropertyDescription("Further pods that may connect, by label selectors.")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        @Size(max = 100)
        List<NetworkPolicyPeerSpec> allowFrom,

        @JsonPropertyDescription("Let the private address ranges 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 connect.")
        @Default("false")
        @Nullable
        Boolean allowExternalAccess) {
    public NetworkPolicySpec {
        allowFromNamespaces = Copies.list(allowFromNamespaces);
        allowFromPodSelector = Copies.map(allowFromPodSelector);
        allowExternalCidrs = Copies.list(allowExternalCidrs);
        allowFrom = Copies.list(allowFrom);
    }

    public boolean denyEgressOrDefault() {
        return denyEgress != null ? denyEgress : false;
    }

    public boolean allowExternalAccessOrDefault() {
        return allowExternalAccess != null ? allowExternalAccess : false;
    }

    public boolean active() {
        return enabled != null
                ? enabled
                : !allowFromNamespaces.isEmpty()
                        || !allowFromPodSelector.isEmpty()
                        || !allowExternalCidrs.isEmpty()
                        || !allowFrom.isEmpty()
                        || denyEgressOrDefault()
                        || allowExternalAccessOrDefault();
    }
}

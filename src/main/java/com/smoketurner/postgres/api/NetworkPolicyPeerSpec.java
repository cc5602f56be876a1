package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Pods that may connect; both selectors together mean pods that fit the one in namespaces that fit the other. */
@ApiType
@ValidationRule(
        value = "(has(self.namespaceSelector) && (has(self.namespaceSelector.matchLabels)"
                + " || has(self.namespaceSelector.matchExpressions)))"
                + " || (has(self.podSelector) && (has(self.podSelector.matchLabels)"
                + " || has(self.podSelector.matchExpressions)))",
        message = "networkPolicy.allowFrom needs in each entry a selector that names a label")
public record NetworkPolicyPeerSpec(
        @JsonPropertyDescription("Namespaces of the pods; absent means the cluster's own.") @Nullable
        LabelSelector namespaceSelector,

        @JsonPropertyDescription("The pods; absent means all.") @Nullable
        LabelSelector podSelector) {}

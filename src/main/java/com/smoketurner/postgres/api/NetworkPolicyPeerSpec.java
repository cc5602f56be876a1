package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.LabelSelector;
import org.jspecify.annotations.Nullable;

/** Pods that may connect; both selectors together mean pods that fit the one in namespaces that fit the other. */
@ApiType
public record NetworkPolicyPeerSpec(
        @JsonPropertyDescription("Namespaces of the pods; absent means the cluster's own.") @Nullable
        LabelSelector namespaceSelector,

        @JsonPropertyDescription("The pods; absent means all.") @Nullable
        LabelSelector podSelector) {}

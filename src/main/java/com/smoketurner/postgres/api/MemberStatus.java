package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/** One pod. */
@ApiType
public record MemberStatus(
        @JsonPropertyDescription("Name of the pod.") @Required
        String name,

        @JsonPropertyDescription("metadata.generation of the pod.") @Nullable
        Long generation,

        @JsonPropertyDescription("Generation of the pod that its kubelet has seen.")
        @JsonProperty("observed_generation")
        @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Whether the kubelet has processed the current spec of the pod.")
        @JsonProperty("spec_applied")
        @Nullable
        Boolean specApplied,

        @JsonPropertyDescription("Role in replication: master or replica; absent while unknown.") @Nullable
        String role,

        @JsonPropertyDescription("Whether the pod is Ready.") @Nullable
        Boolean ready,

        @JsonPropertyDescription("Whether PostgreSQL in it waits for a restart to use a changed parameter.")
        @JsonProperty("pending_restart")
        @Nullable
        Boolean pendingRestart) {}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * What makes a resource a provisioned service.
 *
 * @see <a href="https://servicebinding.io/spec/core/1.1.0/#provisioned-service">Service Binding specification</a>
 */
@ApiType
public record DatabaseBinding(
        @JsonPropertyDescription("Name of the Secret.") @Required
        String name) {}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** CPU and memory of a container. */
@ApiType
@ValidationRule(
        value =
                "!has(self.requests) || !has(self.limits) || !has(self.requests.cpu) || !has(self.limits.cpu) || !isQuantity(string(self.requests.cpu)) || !isQuantity(string(self.limits.cpu)) || !quantity(string(self.requests.cpu)).isGreaterThan(quantity(string(self.limits.cpu)))",
        message = "resources.requests.cpu must not exceed resources.limits.cpu")
@ValidationRule(
        value =
                "!has(self.requests) || !has(self.limits) || !has(self.requests.memory) || !has(self.limits.memory) || !isQuantity(string(self.requests.memory)) || !isQuantity(string(self.limits.memory)) || !quantity(string(self.requests.memory)).isGreaterThan(quantity(string(self.limits.memory)))",
        message = "resources.requests.memory must not exceed resources.limits.memory")
public record ResourcesSpec(
        @JsonPropertyDescription("Resources that the scheduler reserves for the container.") @Nullable
        ResourceAmounts requests,

        @JsonPropertyDescription("Upper limits of the resources that the container may use.") @Nullable
        ResourceAmounts limits,

        @JsonPropertyDescription(
                "Restart the container whenever its resources are resized in place; otherwise only a change of memory restarts it.")
        @Default("false")
        @Nullable
        Boolean restartOnResize) {
    public boolean restartOnResizeOrDefault() {
        return restartOnResize != null ? restartOnResize : false;
    }
}

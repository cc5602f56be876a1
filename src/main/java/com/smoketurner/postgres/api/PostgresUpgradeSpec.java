package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A blue-green major upgrade of a cluster. */
@ApiType
@ValidationRule(
        value =
                "(has(self.targetClusterOverrides) && has(self.targetClusterOverrides.name) ? self.targetClusterOverrides.name : '') == (has(oldSelf.targetClusterOverrides) && has(oldSelf.targetClusterOverrides.name) ? oldSelf.targetClusterOverrides.name : '')",
        message = "targetClusterOverrides.name cannot be changed after creation")
public record PostgresUpgradeSpec(
        @JsonPropertyDescription("The cluster to upgrade. Fixed at creation.")
        @Required
        @ValidationRule(
                value = "self == oldSelf",
                message =
                        "Source cluster reference cannot be changed after creation: delete the upgrade and create another one")
        SourceClusterRef sourceCluster,

        @JsonPropertyDescription(
                "Major version of the target: 15, 16, 17 or 18, higher than that of the source. Fixed at creation.")
        @Required
        @SchemaFrom(type = PostgresMajor.class)
        @ValidationRule(
                value = "self == oldSelf",
                message = "Target version cannot be changed after creation: delete the upgrade and create another one")
        String targetVersion,

        @JsonPropertyDescription("Settings in which the target cluster differs from the source.") @Nullable
        TargetClusterOverrides targetClusterOverrides,

        @JsonPropertyDescription("How the upgrade is done.") @Nullable
        UpgradeStrategySpec strategy) {
    public UpgradeStrategySpec strategyOrDefault() {
        return strategy != null ? strategy : new UpgradeStrategySpec(null, null, null, null, null);
    }
}

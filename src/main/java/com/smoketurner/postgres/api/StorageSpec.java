package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** The volume of each member. */
@ApiType
@ValidationRule(
        value =
                "!isQuantity(self.size) || !isQuantity(oldSelf.size) || !quantity(self.size).isLessThan(quantity(oldSelf.size))",
        message = "storage.size cannot be decreased")
@ValidationRule(
        value =
                "has(self.storageClass) == has(oldSelf.storageClass) && (!has(self.storageClass) || self.storageClass == oldSelf.storageClass)",
        message =
                "Storage class cannot be changed after creation: restore a backup into a new cluster with the other class instead")
public record StorageSpec(
        @JsonPropertyDescription(
                "Size of the data volume of each member, as a quantity. It can grow later, never shrink.")
        @Required
        @Size(max = 64)
        @ValidationRule(value = Rules.SIZE, message = Rules.SIZE_MESSAGE)
        String size,

        @JsonPropertyDescription(
                "StorageClass of the volumes; absent means the default class of the Kubernetes cluster. Fixed at creation.")
        @Size(max = 253)
        @Nullable
        String storageClass,

        @JsonPropertyDescription(
                "What happens to the volumes when the cluster is deleted: Retain keeps the data, Delete removes it.")
        @Default("Retain")
        @Nullable
        WhenDeleted whenDeleted) {
    public WhenDeleted whenDeletedOrDefault() {
        return whenDeleted != null ? whenDeleted : WhenDeleted.RETAIN;
    }
}

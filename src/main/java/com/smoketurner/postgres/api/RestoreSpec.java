package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** Creates the cluster from backups instead of empty. Fixed at creation. */
@ApiType
@ValidationRule(
        value = "!has(self.target) || !has(self.recoveryTarget)",
        message = "restore.target and restore.recoveryTarget are mutually exclusive")
public record RestoreSpec(
        @JsonPropertyDescription("The backups to restore from.") @Required
        RestoreSourceSpec source,

        @JsonPropertyDescription("How far the restore goes; absent means to the end of the archive.") @Nullable
        RestoreTargetSpec target,

        @JsonPropertyDescription("Accepted in place of target.") @Nullable
        RecoveryTargetSpec recoveryTarget) {
    /** The target in its own form, whichever of the two was written. */
    public RestoreTargetSpec targetOrDefault() {
        if (target != null) {
            return target;
        }
        if (recoveryTarget != null) {
            return new RestoreTargetSpec(
                    recoveryTarget.time(),
                    recoveryTarget.backup(),
                    null,
                    recoveryTarget.timeline(),
                    null,
                    null,
                    null,
                    null);
        }
        return new RestoreTargetSpec(null, null, null, null, null, null, null, null);
    }
}

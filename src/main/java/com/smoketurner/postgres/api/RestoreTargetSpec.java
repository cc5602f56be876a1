package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How far a restore goes. */
@ApiType
@ValidationRule(
        value = "!(has(self.immediate) && self.immediate && has(self.time))",
        message = "restore.target.immediate and restore.target.time are mutually exclusive")
@ValidationRule(
        value = "[has(self.time), has(self.xid), has(self.lsn), has(self.name)].filter(x, x).size() <= 1",
        message = "restore.target accepts at most one of time, xid, lsn and name")
public record RestoreTargetSpec(
        @JsonPropertyDescription("Point in time to recover to: RFC 3339 with Z or an offset.")
        @Size(max = 64)
        @ValidationRule(value = Rules.RFC3339, message = Rules.RFC3339_MESSAGE)
        @Nullable
        String time,

        @JsonPropertyDescription("Base backup to start from: LATEST or a name from the list of the engine.")
        @Pattern("^(LATEST|base_[0-9A-Fa-f]+(_D_[0-9A-Fa-f]+)?|[0-9]{8}-[0-9]{6}F(_[0-9]{8}-[0-9]{6}[DI])?)$")
        @Size(max = 128)
        @Nullable
        String backupName,

        @JsonPropertyDescription("Stop as soon as the backup is consistent.") @Default("false") @Nullable
        Boolean immediate,

        @JsonPropertyDescription("Timeline to follow; absent means the newest.") @Min(1) @Nullable
        Integer timeline,

        @JsonPropertyDescription("Transaction to recover to.") @Pattern("^[0-9]+$") @Size(max = 20) @Nullable
        String xid,

        @JsonPropertyDescription("WAL position to recover to, for example 0/3000148.")
        @Pattern("^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$")
        @Size(max = 17)
        @Nullable
        String lsn,

        @JsonPropertyDescription("Named restore point to recover to.") @Size(min = 1, max = 63) @Nullable
        String name,

        @JsonPropertyDescription("Whether the target itself is included; absent means that it is.") @Nullable
        Boolean inclusive) {
    public boolean immediateOrDefault() {
        return immediate != null ? immediate : false;
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What must hold before the cutover. */
@ApiType
public record PreChecksSpec(
        @JsonPropertyDescription("Replication lag in seconds that is still acceptable.")
        @Default("0")
        @ValidationRule(value = "self >= 0", message = "maxReplicationLagSeconds must be non-negative")
        @Nullable
        Integer maxReplicationLagSeconds,

        @JsonPropertyDescription("Compare the number of rows of every table.") @Default("true") @Nullable
        Boolean verifyRowCounts,

        @JsonPropertyDescription("Difference in rows per table that is still acceptable.")
        @Default("0")
        @ValidationRule(value = "self >= 0", message = "rowCountTolerance must be non-negative")
        @Nullable
        Long rowCountTolerance,

        @JsonPropertyDescription("Comparisons in a row that must succeed.")
        @Default("3")
        @ValidationRule(value = "self >= 1", message = "minVerificationPasses must be at least 1")
        @Nullable
        Integer minVerificationPasses,

        @JsonPropertyDescription("Time between two comparisons.")
        @Default("1m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String verificationInterval,

        @JsonPropertyDescription(
                "How recent a successful backup of the source must be; 0s switches the check off. Enforced in mode Automatic, a warning in mode Manual.")
        @Default("1h")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String requireBackupWithin,

        @JsonPropertyDescription("Time that clients of the source have to finish before their connections are closed.")
        @Default("5m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String drainConnectionsTimeout) {
    public int maxReplicationLagSecondsOrDefault() {
        return maxReplicationLagSeconds != null ? maxReplicationLagSeconds : 0;
    }

    public boolean verifyRowCountsOrDefault() {
        return verifyRowCounts != null ? verifyRowCounts : true;
    }

    public long rowCountToleranceOrDefault() {
        return rowCountTolerance != null ? rowCountTolerance : 0L;
    }

    public int minVerificationPassesOrDefault() {
        return minVerificationPasses != null ? minVerificationPasses : 3;
    }

    public String verificationIntervalOrDefault() {
        return verificationInterval != null ? verificationInterval : "1m";
    }

    public String requireBackupWithinOrDefault() {
        return requireBackupWithin != null ? requireBackupWithin : "1h";
    }

    public String drainConnectionsTimeoutOrDefault() {
        return drainConnectionsTimeout != null ? drainConnectionsTimeout : "5m";
    }
}

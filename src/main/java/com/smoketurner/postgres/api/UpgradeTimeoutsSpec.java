package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How long the phases may take. */
@ApiType
public record UpgradeTimeoutsSpec(
        @JsonPropertyDescription("Until the target runs.")
        @Default("30m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String targetClusterReady,

        @JsonPropertyDescription("Until the initial copy is complete.")
        @Default("24h")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String initialSync,

        @JsonPropertyDescription("Until the target has caught up after the copy.")
        @Default("1h")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String replicationCatchup,

        @JsonPropertyDescription("Until the verification succeeds.")
        @Default("30m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String verification,

        @JsonPropertyDescription("Until the cutover is complete.")
        @Default("15m")
        @Size(max = 32)
        @ValidationRule(value = Rules.DURATION, message = Rules.DURATION_MESSAGE)
        @Nullable
        String cutover) {
    public String targetClusterReadyOrDefault() {
        return targetClusterReady != null ? targetClusterReady : "30m";
    }

    public String initialSyncOrDefault() {
        return initialSync != null ? initialSync : "24h";
    }

    public String replicationCatchupOrDefault() {
        return replicationCatchup != null ? replicationCatchup : "1h";
    }

    public String verificationOrDefault() {
        return verification != null ? verification : "30m";
    }

    public String cutoverOrDefault() {
        return cutover != null ? cutover : "15m";
    }
}

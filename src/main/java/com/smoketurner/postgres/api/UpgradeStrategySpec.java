package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import org.jspecify.annotations.Nullable;

/** How the upgrade is done. */
@ApiType
public record UpgradeStrategySpec(
        @JsonPropertyDescription("BlueGreen: a second cluster is built beside the source and takes its place.")
        @Default("BlueGreen")
        @Nullable
        StrategyType strategyType,

        @JsonPropertyDescription("When the cutover happens.") @Nullable
        CutoverSpec cutover,

        @JsonPropertyDescription("What must hold before the cutover.") @Nullable
        PreChecksSpec preChecks,

        @JsonPropertyDescription("How long the phases may take.") @Nullable
        UpgradeTimeoutsSpec timeouts,

        @JsonPropertyDescription("What happens after the cutover.") @Nullable
        PostCutoverSpec postCutover) {
    public StrategyType strategyTypeOrDefault() {
        return strategyType != null ? strategyType : StrategyType.BLUE_GREEN;
    }

    public CutoverSpec cutoverOrDefault() {
        return cutover != null ? cutover : new CutoverSpec(null, null);
    }

    public PreChecksSpec preChecksOrDefault() {
        return preChecks != null ? preChecks : new PreChecksSpec(null, null, null, null, null, null, null);
    }

    public UpgradeTimeoutsSpec timeoutsOrDefault() {
        return timeouts != null ? timeouts : new UpgradeTimeoutsSpec(null, null, null, null, null);
    }

    public PostCutoverSpec postCutoverOrDefault() {
        return postCutover != null ? postCutover : new PostCutoverSpec(null, null, null, null, null);
    }
}

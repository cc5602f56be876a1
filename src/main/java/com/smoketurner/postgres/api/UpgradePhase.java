package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where an upgrade is. */
public enum UpgradePhase {
    PENDING("Pending"),
    CREATING_TARGET("CreatingTarget"),
    CONFIGURING_REPLICATION("ConfiguringReplication"),
    REPLICATING("Replicating"),
    VERIFYING("Verifying"),
    SYNCING_SEQUENCES("SyncingSequences"),
    READY_FOR_CUTOVER("ReadyForCutover"),
    WAITING_FOR_MANUAL_CUTOVER("WaitingForManualCutover"),
    CUTTING_OVER("CuttingOver"),
    HEALTH_CHECKING("HealthChecking"),
    COMPLETED("Completed"),
    FAILED("Failed"),
    ROLLED_BACK("RolledBack");

    private final String label;

    UpgradePhase(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

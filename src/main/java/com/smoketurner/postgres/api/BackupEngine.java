package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** The program that takes and restores backups. */
public enum BackupEngine {
    WAL_G("WalG"),
    PG_BACK_REST("PgBackRest");

    private final String label;

    BackupEngine(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

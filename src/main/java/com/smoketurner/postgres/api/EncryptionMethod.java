package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How backups are encrypted. */
public enum EncryptionMethod {
    AES256("aes256"),
    PGP("pgp");

    private final String label;

    EncryptionMethod(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

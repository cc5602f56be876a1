package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Privileges on tables. */
public enum TablePrivilege {
    SELECT("SELECT"),
    INSERT("INSERT"),
    UPDATE("UPDATE"),
    DELETE("DELETE"),
    TRUNCATE("TRUNCATE"),
    REFERENCES("REFERENCES"),
    TRIGGER("TRIGGER"),
    ALL("ALL");

    private final String label;

    TablePrivilege(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Attributes of a role. */
public enum RoleAttribute {
    LOGIN("LOGIN"),
    NOLOGIN("NOLOGIN"),
    CREATEDB("CREATEDB"),
    CREATEROLE("CREATEROLE"),
    SUPERUSER("SUPERUSER"),
    REPLICATION("REPLICATION"),
    BYPASSRLS("BYPASSRLS"),
    BYPASS_RLS("BYPASS_RLS");

    private final String label;

    RoleAttribute(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

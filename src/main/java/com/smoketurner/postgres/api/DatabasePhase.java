package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where a database is in its life. */
public enum DatabasePhase {
    PENDING("Pending", "the cluster is missing, does not accept it, or does not serve"),
    CREATING("Creating", "the database is being created for the first time"),
    READY("Ready", "the server agrees with the spec"),
    UPDATING("Updating", "a changed spec is being carried out"),
    FAILED(
            "Failed",
            "a part is not as the spec says; `status.lastError` and the conditions say which, and the operator tries again"),
    DELETING("Deleting", "the resource is being deleted");

    private final String label;
    private final String meaning;

    DatabasePhase(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }

    /** What it means, as a clause in Markdown. */
    public String meaning() {
        return meaning;
    }
}

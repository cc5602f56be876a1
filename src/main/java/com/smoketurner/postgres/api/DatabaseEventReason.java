package com.smoketurner.postgres.api;

/** The reasons of the events of a PostgresDatabase. */
public enum DatabaseEventReason implements Labelled {
    ROLE_CREATED("RoleCreated", false, "a role was created or taken over"),
    DATABASE_CREATED("DatabaseCreated", false, "the database was created or taken over"),
    SECRET_CREATED("SecretCreated", false, "a Secret with new credentials was created"),
    PASSWORD_ROTATED("PasswordRotated", false, "a role has another password, that of its Secret"),
    GRANTS_APPLIED("GrantsApplied", false, "privileges were granted or revoked"),
    PROVISIONING_FAILED("ProvisioningFailed", true, "a part failed; the message is that of its condition"),
    DATABASE_DROPPED("DatabaseDropped", false, "the database was dropped, as `spec.deletionPolicy` says"),
    DELETION_INCOMPLETE(
            "DeletionIncomplete",
            true,
            "something stays in the server although it was to be dropped; the message says why");

    private final String label;
    private final boolean warning;
    private final String meaning;

    DatabaseEventReason(String label, boolean warning, String meaning) {
        this.label = label;
        this.warning = warning;
        this.meaning = meaning;
    }

    @Override
    public String label() {
        return label;
    }

    /** Whether the event is a Warning. */
    public boolean warning() {
        return warning;
    }

    /** What has happened, as a clause in Markdown. */
    public String meaning() {
        return meaning;
    }
}

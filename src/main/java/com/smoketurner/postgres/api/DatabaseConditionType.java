package com.smoketurner.postgres.api;

/** The conditions of a PostgresDatabase, in the order in which its status lists them. */
public enum DatabaseConditionType implements Labelled {
    READY("Ready", "the server has all that the spec says, and the Secrets are valid"),
    CLUSTER_READY("ClusterReady", "the cluster serves, and accepts databases of this namespace"),
    ROLES_CREATED("RolesCreated", "the roles exist with their attributes and memberships"),
    DATABASE_CREATED("DatabaseCreated", "the database exists with its owner"),
    EXTENSIONS_CREATED("ExtensionsCreated", "the extensions are installed in the database"),
    GRANTS_APPLIED(
            "GrantsApplied", "the privileges are granted, and those that were removed from the spec are revoked"),
    SECRETS_CREATED("SecretsCreated", "each role can log in with the content of its Secret");

    private final String label;
    private final String meaning;

    DatabaseConditionType(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    @Override
    public String label() {
        return label;
    }

    /** What status True means. */
    public String meaning() {
        return meaning;
    }
}

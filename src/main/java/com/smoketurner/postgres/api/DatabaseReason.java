package com.smoketurner.postgres.api;

/** The reasons of the conditions of a PostgresDatabase, with what they mean and what to do. docs/status.md is generated from them. */
public enum DatabaseReason implements Labelled {
    READY("Ready", "all is as the spec says", ""),
    DONE("Done", "this part is as the spec says", ""),
    CLUSTER_RUNNING("ClusterRunning", "the cluster serves", ""),
    WAITING("Waiting", "a part that comes before is not done", "see the condition that is False"),
    CLUSTER_NOT_FOUND(
            "ClusterNotFound",
            "there is no cluster of that name",
            "create it, or correct `spec.clusterRef` in a new resource"),
    CLUSTER_NOT_READY(
            "ClusterNotReady",
            "the cluster does not serve, or takes no writes",
            "see `kubectl describe pgc`; the operator goes on by itself"),
    CLUSTER_REF_NOT_PERMITTED(
            "ClusterRefNotPermitted",
            "the cluster is in another namespace and does not accept databases of this one",
            "set the annotation that the message names on the PostgresCluster"),
    DATABASE_CONFLICT(
            "DatabaseConflict",
            "the database exists, and is not this resource's",
            "use another name, or take the database over as the message says"),
    ROLE_CONFLICT(
            "RoleConflict",
            "a role exists, and is not this resource's, or another resource describes it in another way",
            "use another name, or take the role over as the message says"),
    SECRET_CONFLICT(
            "SecretConflict",
            "a Secret of that name exists and cannot be used",
            "set another `secretName`, or correct the Secret as the message says"),
    PRIVILEGE_NOT_PERMITTED(
            "PrivilegeNotPermitted",
            "the resource asks for something that reaches beyond its database",
            "remove what the message names, or let whoever runs the cluster create it"),
    EXTENSION_NOT_AVAILABLE(
            "ExtensionNotAvailable",
            "the image of the cluster does not have the extension",
            "remove it, or run the cluster with an image that has it"),
    OBJECT_NOT_FOUND(
            "ObjectNotFound",
            "a role, a schema or a table of a grant does not exist",
            "create it; the operator looks again every minute"),
    PROVISIONING_FAILED(
            "ProvisioningFailed", "the server refused a statement", "see the server's own words in the message");

    private final String label;
    private final String meaning;
    private final String action;

    DatabaseReason(String label, String meaning, String action) {
        this.label = label;
        this.meaning = meaning;
        this.action = action;
    }

    @Override
    public String label() {
        return label;
    }

    /** What is the case, as a clause in Markdown. */
    public String meaning() {
        return meaning;
    }

    /** What a user does about it, as a clause in Markdown; empty where nothing is to be done. */
    public String action() {
        return action;
    }
}

package com.smoketurner.postgres.naming;

/** The identity of the operator towards the API server. */
public final class ApiGroup {
    /** API group of the three kinds, and prefix of every label and annotation of ours. */
    public static final String NAME = "postgres-operator.smoketurner.com";

    /** Name of the operator's Deployment and RBAC objects and of its event source. */
    public static final String OPERATOR = "postgres-operator";

    /** Field manager of everything the operator applies. */
    public static final String FIELD_MANAGER = OPERATOR;

    public static final String CLUSTER_FINALIZER = NAME + "/finalizer";
    public static final String DATABASE_FINALIZER = "postgresdatabase." + NAME + "/finalizer";

    private ApiGroup() {}

    /** A label or annotation key of ours. */
    static String key(String name) {
        return NAME + "/" + name;
    }
}

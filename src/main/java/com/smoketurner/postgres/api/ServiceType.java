package com.smoketurner.postgres.api;

import com.fasterxml.jackson.annotation.JsonValue;

/** How the client Services are exposed. */
public enum ServiceType {
    CLUSTER_IP("ClusterIP"),
    NODE_PORT("NodePort"),
    LOAD_BALANCER("LoadBalancer");

    private final String label;

    ServiceType(String label) {
        this.label = label;
    }

    /** The word in manifests and in status. */
    @JsonValue
    public String label() {
        return label;
    }
}

package com.smoketurner.postgres.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** A manifest as a user would write it, made out of a small one by setting and removing fields. Immutable. */
public final class Manifest {
    /** The issuer of the guide; the end-to-end installation creates it. */
    public static final String ISSUER = "selfsigned-issuer";

    private final ObjectNode root;

    private Manifest(ObjectNode root) {
        this.root = root;
    }

    /** Any manifest from its YAML. */
    public static Manifest of(String yaml) {
        return new Manifest((ObjectNode) Json.yaml(yaml));
    }

    /** One member, one GiB, TLS: small enough to have many at once. */
    public static Manifest cluster(String name) {
        return of("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresCluster
                metadata:
                  name: %s
                spec:
                  version: "16"
                  replicas: 1
                  storage:
                    size: 1Gi
                  resources:
                    requests: {cpu: 50m, memory: 64Mi}
                  tls:
                    issuerRef: {name: %s, kind: ClusterIssuer}
                """.formatted(name, ISSUER));
    }

    /** The same with this value at this path; what lies on the way is created. */
    public Manifest with(Object value, String... path) {
        ObjectNode copy = root.deepCopy();
        parent(copy, path).set(path[path.length - 1], Json.tree(value));
        return new Manifest(copy);
    }

    public Manifest without(String... path) {
        ObjectNode copy = root.deepCopy();
        parent(copy, path).remove(path[path.length - 1]);
        return new Manifest(copy);
    }

    public Manifest spec(String field, Object value) {
        return with(value, "spec", field);
    }

    public Manifest replicas(int count) {
        return spec("replicas", count);
    }

    public Manifest noTls() {
        return spec("tls", Map.of("enabled", false));
    }

    public String name() {
        return root.at("/metadata/name").asText();
    }

    public JsonNode json() {
        return root.deepCopy();
    }

    /** JSON is YAML too: what goes to {@code kubectl apply -f -}. */
    public String text() {
        return root.toString();
    }

    @Override
    public String toString() {
        return text();
    }

    private static ObjectNode parent(ObjectNode from, String... path) {
        ObjectNode node = from;
        for (int i = 0; i < path.length - 1; i++) {
            node = node.get(path[i]) instanceof ObjectNode child ? child : node.putObject(path[i]);
        }
        return node;
    }
}

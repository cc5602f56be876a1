package com.smoketurner.postgres.testing.values;

import com.fasterxml.jackson.core.type.TypeReference;
import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.TreeMap;

/** PostgresClusters as the API server hands them out. */
public final class Clusters {
    private static final String HEAD = """
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresCluster
            metadata:
              name: my-cluster
              namespace: default
              uid: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff
              generation: 1
            spec:
            """;

    private static final String MINIMAL = """
            version: "16"
            storage: {size: 1Gi}
            """;

    private Clusters() {}

    /** The smallest valid cluster, with further lines of spec. */
    public static PostgresCluster cluster(String... spec) {
        return withSpec(MINIMAL + String.join("\n", spec));
    }

    /** A cluster with that spec, of which some fields are replaced. */
    public static PostgresCluster withSpec(String spec, String replaced) {
        var fields = new TreeMap<>(fields(spec));
        fields.putAll(fields(replaced));
        return withSpec(Serialization.asJson(fields));
    }

    /** A cluster with exactly that spec. */
    public static PostgresCluster withSpec(String spec) {
        return Serialization.unmarshal(HEAD + spec.indent(2), PostgresCluster.class);
    }

    private static Map<String, Object> fields(String yaml) {
        return Serialization.unmarshal(yaml, new TypeReference<>() {});
    }
}

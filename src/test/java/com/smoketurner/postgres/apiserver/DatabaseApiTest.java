package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Databases;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a PostgresDatabase says while there is no server to talk to. */
@ExtendWith(ApiServer.class)
class DatabaseApiTest {
    private final Namespace ns;
    private final Databases databases;

    DatabaseApiTest(Namespace ns) {
        this.ns = ns;
        databases = new Databases(ns);
    }

    private static String manifest(String name, String reference) {
        return """
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: %s}
                spec:
                  clusterRef: %s
                  database: {name: app, owner: app_owner}
                  deletionPolicy: Delete
                """.formatted(name, reference);
    }

    @Test
    @Acceptance({158, 165})
    @BadInput(62)
    void waitsForItsClusterAndGoesWithoutIt() {
        ApiServer.operator();
        ns.apply(manifest("early", "{name: absent}"));
        assertThat(databases
                        .awaitCondition("early", "ClusterReady", "False", "ClusterNotFound")
                        .message())
                .contains(ns.name() + "/absent");
        databases.awaitPhase("early", "Pending");
        JsonNode written = databases.json("early");
        assertThat(written.at("/status/conditions")).hasSize(7);
        ns.apply(Manifest.cluster("absent"));
        assertThat(databases
                        .awaitCondition("early", "ClusterReady", "False", "ClusterNotReady")
                        .message())
                .contains("kubectl describe pgc absent");
        ns.cluster("absent").resource().delete();
        databases.awaitCondition("early", "ClusterReady", "False", "ClusterNotFound");
        ns.kubectl("delete", "pgdb", "early", "--timeout=10s").orThrow();
    }

    @Test
    @Acceptance(169)
    @BadInput(63)
    void anotherNamespaceHasToPermitIt() {
        ApiServer.operator();
        Namespace other = Namespace.create(ns.lab(), ns.client(), "of-the-cluster", Map.of());
        other.apply(Manifest.cluster("shared"));
        ns.apply(manifest("guest", "{name: shared, namespace: %s}".formatted(other.name())));
        String message = databases
                .awaitCondition("guest", "ClusterReady", "False", "ClusterRefNotPermitted")
                .message();
        String key = Project.GROUP + "/allow-databases-from";
        assertThat(message).contains("kubectl annotate pgc -n %s shared %s=%s".formatted(other.name(), key, ns.name()));
        other.kubectl("annotate", "pgc", "shared", key + "=elsewhere, " + ns.name())
                .orThrow();
        databases.awaitCondition("guest", "ClusterReady", "False", "ClusterNotReady");
        other.delete();
        Waiting.until(
                "the reference leads nowhere",
                Waiting.LONG,
                () -> databases.condition("guest", "ClusterReady"),
                condition -> condition != null && condition.reason().equals("ClusterNotFound"));
    }
}

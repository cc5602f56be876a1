package com.smoketurner.postgres.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.DatabaseReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresDatabase;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a PostgresDatabase may use its cluster now, and which one that is. */
class ServedClusterTest {

    private static PostgresDatabase database(String reference) {
        return Serialization.unmarshal("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresDatabase
                metadata: {name: app, namespace: team}
                spec:
                  clusterRef: %s
                  database: {name: app, owner: app_owner}
                """.formatted(reference), PostgresDatabase.class);
    }

    private static PostgresCluster cluster(String namespace, String name, String annotations, String status) {
        return Serialization.unmarshal("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresCluster
                metadata: {name: %s, namespace: %s, annotations: {%s}}
                spec: {version: "17", replicas: 1, storage: {size: 1Gi}}
                status: {%s}
                """.formatted(name, namespace, annotations, status), PostgresCluster.class);
    }

    private static ServedCluster.Look look(PostgresDatabase database, PostgresCluster... clusters) {
        Map<String, PostgresCluster> known = new HashMap<>();
        for (PostgresCluster cluster : clusters) {
            known.put(
                    cluster.getMetadata().getNamespace() + "/"
                            + cluster.getMetadata().getName(),
                    cluster);
        }
        return ServedCluster.of(database, (namespace, name) -> Optional.ofNullable(known.get(namespace + "/" + name)));
    }

    private static DatabaseReason reason(ServedCluster.Look look) {
        return look instanceof ServedCluster.Away(DatabaseReason reason, String message)
                ? reason
                : DatabaseReason.READY;
    }

    @ParameterizedTest
    @CsvSource({
        "Running, READY",
        "Degraded, READY",
        "Updating, READY",
        "Scaling, READY",
        "Creating, CLUSTER_NOT_READY",
        "Recovering, CLUSTER_NOT_READY",
        "Failed, CLUSTER_NOT_READY"
    })
    void servesInSomePhases(String phase, DatabaseReason reason) {
        assertThat(reason(look(
                        database("{name: main}"),
                        cluster("team", "main", "", "phase: %s, primaryPod: main-0".formatted(phase)))))
                .isEqualTo(reason);
    }

    @Test
    void needsAPrimary() {
        assertThat(reason(look(database("{name: main}"), cluster("team", "main", "", "phase: Running"))))
                .isEqualTo(DatabaseReason.CLUSTER_NOT_READY);
        assertThat(reason(look(database("{name: main}")))).isEqualTo(DatabaseReason.CLUSTER_NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "''; CLUSTER_REF_NOT_PERMITTED",
                "other; CLUSTER_REF_NOT_PERMITTED",
                "teams,tea; CLUSTER_REF_NOT_PERMITTED",
                "team; READY",
                "'other, team'; READY",
                "*; READY"
            })
    void anotherNamespaceNeedsPermission(String allowed, DatabaseReason reason) {
        String annotation = "postgres-operator.smoketurner.com/allow-databases-from: \"%s\"".formatted(allowed);
        assertThat(reason(look(
                        database("{name: main, namespace: data}"),
                        cluster("data", "main", annotation, "phase: Running, primaryPod: main-0"))))
                .isEqualTo(reason);
    }

    @Test
    void followsTheSuccessor() {
        PostgresCluster old = cluster("team", "main", "", "phase: Superseded, successor: {name: next}");
        PostgresCluster next = cluster("team", "next", "", "phase: Running, primaryPod: next-1");
        assertThat(look(database("{name: main}"), old, next))
                .isInstanceOfSatisfying(ServedCluster.Serving.class, serving -> {
                    assertThat(serving.served().primary()).isEqualTo("next-1");
                    assertThat(serving.served().home()).isTrue();
                });
        assertThat(reason(look(database("{name: main}"), old))).isEqualTo(DatabaseReason.CLUSTER_NOT_FOUND);
        PostgresCluster circle = cluster("team", "next", "", "phase: Superseded, successor: {name: main}");
        assertThat(reason(look(database("{name: main}"), old, circle))).isEqualTo(DatabaseReason.CLUSTER_NOT_FOUND);
    }
}

package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written to JSON comes back, and nothing else is written. */
final class JsonTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                PostgresClusterSpec.class,
                PostgresClusterStatus.class,
                PostgresDatabaseSpec.class,
                PostgresDatabaseStatus.class,
                PostgresUpgradeSpec.class,
                PostgresUpgradeStatus.class
            })
    void everyComponentSurvives(Class<?> type) {
        Object filled = Filled.of(type);
        String json = Serialization.asJson(filled);
        assertThat(json).doesNotContain("null");
        assertThat(Serialization.unmarshal(json, type)).isEqualTo(filled);
    }

    @ParameterizedTest
    @ValueSource(classes = {PostgresClusterStatus.class, PostgresDatabaseStatus.class, PostgresUpgradeStatus.class})
    void whatIsAbsentIsNotWritten(Class<?> type) {
        Object empty = Filled.empty(type);
        assertThat(Serialization.asJson(empty)).isEqualTo("{}");
        assertThat(Serialization.unmarshal("{}", type)).isEqualTo(empty);
    }

    @Test
    void buildersCopyEverything() {
        var cluster = Filled.of(PostgresClusterStatus.class);
        assertThat(cluster.toBuilder().build()).isEqualTo(cluster);
        assertThat(PostgresClusterStatus.builder().build()).isEqualTo(Filled.empty(PostgresClusterStatus.class));
        var backup = Filled.of(BackupStatus.class);
        assertThat(backup.toBuilder().build()).isEqualTo(backup);
        var restored = Filled.of(RestoredFrom.class);
        assertThat(restored.toBuilder().build()).isEqualTo(restored);
        var database = Filled.of(PostgresDatabaseStatus.class);
        assertThat(database.toBuilder().build()).isEqualTo(database);
        var replication = Filled.of(UpgradeReplicationStatus.class);
        assertThat(replication.toBuilder().build()).isEqualTo(replication);
        var upgrade = Filled.of(PostgresUpgradeStatus.class);
        assertThat(upgrade.toBuilder().build()).isEqualTo(upgrade);
    }

    @Test
    void fieldsOfANewerCrdArePassedOver() {
        var cluster = Serialization.unmarshal("""
                apiVersion: postgres-operator.smoketurner.com/v1alpha1
                kind: PostgresCluster
                metadata: {name: a}
                spec: {version: "16", storage: {size: 1Gi, tier: gold}, standby: {of: b}}
                status: {phase: Running, conditions: [{type: Ready, status: "True", since: now}], weather: fine}
                """, PostgresCluster.class);
        assertThat(cluster.getSpec().storage().size()).isEqualTo("1Gi");
        assertThat(cluster.getStatus().phase()).isEqualTo(ClusterPhase.RUNNING);
    }

    @Test
    void namesOfTheContractAreKept() {
        var status = PostgresClusterStatus.builder()
                .allPodsSynced(true)
                .resizeStatus(java.util.List.of())
                .phase(ClusterPhase.SUPERSEDED)
                .build();
        assertThat(Serialization.asJson(status))
                .isEqualTo("{\"phase\":\"Superseded\",\"resize_status\":[],\"all_pods_synced\":true}");
    }

    @Test
    void anEmptyBlockIsNotAnAbsentOne() {
        var spec = Serialization.unmarshal(
                "--- {version: \"16\", storage: {size: 1Gi, storageClass: \"\"}, tls: {}}", PostgresClusterSpec.class);
        assertThat(Serialization.asJson(spec))
                .isEqualTo("{\"version\":\"16\",\"storage\":{\"size\":\"1Gi\",\"storageClass\":\"\"},\"tls\":{}}");
    }
}

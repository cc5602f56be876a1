package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class PostgresClusterTest {

    @Test
    void whoOwnsWhichFieldIsNotKept() {
        var cluster = new KubernetesSerialization().unmarshal("""
                        {"apiVersion": "postgres-operator.smoketurner.com/v1alpha1", "kind": "PostgresCluster",
                         "metadata": {"name": "c", "namespace": "ns", "managedFields": [
                           {"manager": "postgres-operator", "operation": "Apply", "subresource": "status",
                            "time": "2026-01-01T00:00:00Z", "fieldsType": "FieldsV1",
                            "fieldsV1": {"f:status": {"f:phase": {}}}}]}}
                        """, PostgresCluster.class);
        assertThat(cluster.getMetadata().getName()).isEqualTo("c");
        assertThat(cluster.getMetadata().getManagedFields()).singleElement().satisfies(entry -> {
            assertThat(entry.getManager()).isEqualTo("postgres-operator");
            assertThat(entry.getSubresource()).isEqualTo("status");
            assertThat(entry.getTime()).isEqualTo("2026-01-01T00:00:00Z");
            assertThat(entry.getFieldsV1()).isNull();
        });
    }
}

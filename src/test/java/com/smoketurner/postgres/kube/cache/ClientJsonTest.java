package com.smoketurner.postgres.kube.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientJsonTest {
    private static final String REST = """
            "metadata": {
              "name": "c-0",
              "managedFields": [
                {"manager": "patroni", "operation": "Update", "fieldsV1": {"f:metadata": {"f:annotations": {"f:status": {}}}}},
                {"manager": "postgres-operator", "operation": "Apply", "fieldsV1": {"f:metadata": {"f:labels": {}}}},
                {"fieldsV1": {"f:status": {}}, "manager": "kubelet", "subresource": "status"}
              ],
              "annotations": {"status": "{}"}
            },
            "spec": {"containers": [{"name": "postgres", "image": "i", "notKnownYet": [{}]}], "nodeName": "n"},
            "status": {"phase": "Running"}
            """;

    private final KubernetesSerialization json = ClientJson.of(
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false),
            List.of(Pod.class, PostgresCluster.class));

    private Object read(String object) {
        return json.unmarshal("{\"type\": \"MODIFIED\", \"object\": {" + object + "}}", WatchEvent.class)
                .getObject();
    }

    @Test
    void aWatchedObjectIsWhatTheClientMakesOfItButForOthersFields() {
        String pod = "\"kind\": \"Pod\", \"apiVersion\": \"v1\", " + REST;
        var usual = new KubernetesSerialization(
                        new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false), true)
                .unmarshal("{" + pod + "}", Pod.class);
        usual.getMetadata()
                .setManagedFields(List.of(usual.getMetadata().getManagedFields().get(1)));
        assertThat(read(pod)).isEqualTo(usual);
    }

    @Test
    void whatStandsBeforeTheKindIsKept() {
        var pod = (Pod) read(REST + ", \"apiVersion\": \"v1\", \"kind\": \"Pod\"");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("n");
        assertThat(pod.getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .containsExactly("postgres-operator");
        assertThat(pod.getKind()).isEqualTo("Pod");
    }

    @Test
    void whatIsNotRegisteredIsGeneric() {
        assertThat(read("\"apiVersion\": \"cert-manager.io/v1\", \"kind\": \"Certificate\", " + REST))
                .isInstanceOfSatisfying(GenericKubernetesResource.class, certificate -> {
                    assertThat(certificate.getKind()).isEqualTo("Certificate");
                    assertThat(certificate.<String>get("status", "phase")).isEqualTo("Running");
                });
        assertThat(read(REST)).isInstanceOf(HasMetadata.class);
    }

    @Test
    void ourKindsAndErrorsHaveTheirTypes() {
        assertThat(read("\"apiVersion\": \"postgres-operator.smoketurner.com/v1alpha1\", \"kind\": \"PostgresCluster\","
                        + "\"metadata\": {\"name\": \"c\"}"))
                .isInstanceOf(PostgresCluster.class);
        assertThat(read("\"kind\": \"Status\", \"apiVersion\": \"v1\", \"metadata\": {}, \"code\": 410"))
                .isInstanceOfSatisfying(
                        Status.class, status -> assertThat(status.getCode()).isEqualTo(410));
    }
}

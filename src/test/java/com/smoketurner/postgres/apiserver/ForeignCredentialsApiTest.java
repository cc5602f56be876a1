package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Passwords in a Secret that another controller owns, as those do that copy it from a vault. */
@ExtendWith(ApiServer.class)
class ForeignCredentialsApiTest {
    private static final String NAME = "vaulted";

    private final Namespace ns;

    ForeignCredentialsApiTest(Namespace ns) {
        this.ns = ns;
    }

    @Test
    void areReadAndNeverWritten() {
        ApiServer.operator();
        ns.apply("""
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: copier}
                """);
        String owner = ns.get("configmap", "copier").at("/metadata/uid").asText();
        ns.apply("""
                apiVersion: v1
                kind: Secret
                metadata:
                  name: vaulted-credentials
                  ownerReferences:
                  - {apiVersion: v1, kind: ConfigMap, name: copier, uid: %s, controller: true}
                stringData: {password: "from: the vault", replication-password: also}
                """.formatted(owner));
        String version = version();
        Cluster cluster = ns.apply(Manifest.cluster(NAME).replicas(1)).awaitPhase("Running");

        JsonNode data = ns.get("secret", NAME + "-connection").path("data");
        assertThat(data.has("uri")).isTrue();
        assertThat(ns.secret(NAME + "-connection", "PGPASSWORD")).isEqualTo("from: the vault");
        assertThat(cluster.status().at("/connectionInfo/credentialsSecret").asText())
                .isEqualTo(NAME + "-connection");
        assertThat(version()).as("writes of the operator").isEqualTo(version);

        ns.kubectl("patch", "secret", NAME + "-credentials", "--type=json", "-p", """
                [{"op": "remove", "path": "/metadata/ownerReferences"}]""")
                .orThrow();
        cluster.patch("{\"spec\":{\"postgresqlParams\":{\"work_mem\":\"5MB\"}}}");
        Waiting.until(
                "the Secret is the cluster's",
                Waiting.SHORT,
                () -> ns.get("secret", NAME + "-credentials").path("data"),
                now -> now.has("uri"));
        Waiting.until(
                "the other one is gone",
                Waiting.SHORT,
                () -> ns.get("secret", NAME + "-connection").isMissingNode(),
                gone -> gone);
    }

    private String version() {
        return ns.get("secret", NAME + "-credentials")
                .at("/metadata/resourceVersion")
                .asText();
    }
}

package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The objects of poolers. No PostgreSQL runs here, so their pods wait for a role that nobody makes. */
@ExtendWith(ApiServer.class)
class PoolerApiTest {
    private static final List<String> OBJECTS = List.of(
            "service/pooled-pooler",
            "service/pooled-pooler-repl",
            "configmap/pooled-pgbouncer-config",
            "configmap/pooled-pgbouncer-replica-config",
            "pdb/pooled-pooler-pdb",
            "pdb/pooled-pooler-repl-pdb",
            "certificate/pooled-pooler-tls",
            "certificate/pooled-pooler-repl-tls",
            "secret/pooled-pooler",
            "networkpolicy/pooled-pooler-network-policy");

    private final Namespace ns;

    PoolerApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    private JsonNode object(String typeAndName) {
        String[] parts = typeAndName.split("/", 2);
        return ns.get(parts[0], parts[1]);
    }

    private void await(boolean present) {
        for (String object : OBJECTS) {
            Waiting.until(
                    object + (present ? " exists" : " is gone"),
                    Waiting.SHORT,
                    () -> object(object),
                    found -> found.isMissingNode() != present);
        }
    }

    @Test
    @Acceptance({132, 137})
    void theyComeAndGoWithTheSpec() {
        Cluster cluster = ns.apply(Manifest.cluster("pooled")
                        .replicas(2)
                        .spec("networkPolicy", Map.of("allowFromPodSelector", Map.of("app", "shop")))
                        .spec("pgbouncer", Map.of("enabled", true, "enableReplicaPooler", true)))
                .awaitPhase("Running");
        await(true);
        String host = "." + ns.name() + ".svc:6432";
        assertThat(cluster.status().at("/connectionInfo/pooler").asText()).isEqualTo("pooled-pooler" + host);
        assertThat(cluster.status().at("/connectionInfo/poolerReplicas").asText())
                .isEqualTo("pooled-pooler-repl" + host);
        assertThat(cluster.status().path("pgbouncerEnabled").asBoolean()).isTrue();
        assertThat(object("networkpolicy/pooled-pooler-network-policy")
                        .at("/spec/ingress/0/ports/0/port")
                        .asInt())
                .isEqualTo(6432);

        cluster.patch("{\"spec\":{\"pgbouncer\":{\"enabled\":false}}}");
        await(false);
        Waiting.until(
                "the status follows",
                Waiting.SHORT,
                cluster::status,
                status -> !status.path("connectionInfo").has("pooler")
                        && !status.path("pgbouncerEnabled").asBoolean());
    }

    @Test
    void onlyTunablesCanBeGiven() {
        var refused = ns.tryApply(Manifest.cluster("tuned")
                .spec("pgbouncer", Map.of("enabled", true, "parameters", Map.of("auth_type", "any"))));
        assertThat(refused.ok()).isFalse();
        assertThat(refused.all()).contains("pgbouncer.parameters must not contain a setting that the operator manages");
    }
}

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

/** How clients outside of Kubernetes reach a cluster. */
@ExtendWith(ApiServer.class)
class ServicesApiTest {
    private static final int NODE_PORT = 30432;

    private final Namespace ns;

    ServicesApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    private JsonNode awaitType(String service, String type) {
        return Waiting.until(
                service + " has type " + type,
                Waiting.SHORT,
                () -> ns.get("service", service),
                found -> found.at("/spec/type").asText().equals(type));
    }

    @Test
    @Acceptance(126)
    void aLoadBalancerAndBack() {
        Cluster cluster =
                ns.apply(Manifest.cluster("outside").noTls().replicas(2)).awaitPhase("Running");
        cluster.patch("""
                {"spec":{"service":{"type":"LoadBalancer","externalTrafficPolicy":"Local",
                 "annotations":{"example.com/lb":"internal"},"loadBalancerSourceRanges":["192.0.2.0/24"]}}}""");
        for (String name : List.of("outside-primary", "outside-repl")) {
            JsonNode service = awaitType(name, "LoadBalancer");
            assertThat(service.at("/spec/loadBalancerSourceRanges/0").asText()).isEqualTo("192.0.2.0/24");
            assertThat(service.at("/spec/externalTrafficPolicy").asText()).isEqualTo("Local");
            assertThat(service.at("/metadata/annotations")
                            .path("example.com/lb")
                            .asText())
                    .isEqualTo("internal");
        }
        cluster.patch("{\"spec\":{\"service\":null}}");
        for (String name : List.of("outside-primary", "outside-repl")) {
            JsonNode service = awaitType(name, "ClusterIP");
            assertThat(service.path("spec").has("loadBalancerSourceRanges")).isFalse();
            assertThat(service.path("spec").has("externalTrafficPolicy")).isFalse();
            assertThat(service.at("/spec/ports/0").has("nodePort")).isFalse();
            assertThat(service.at("/metadata/annotations").has("example.com/lb"))
                    .isFalse();
        }
    }

    /** The Services of the primary have one endpoint: there is nothing to prefer. */
    @Test
    void readsPreferReplicasNearby() {
        Cluster cluster = ns.apply(Manifest.cluster("near")
                        .noTls()
                        .replicas(2)
                        .spec("pgbouncer", Map.of("enabled", true, "enableReplicaPooler", true)))
                .awaitPhase("Running");
        for (String preferred : List.of("PreferClose", "PreferSameZone", "PreferSameNode", "")) {
            cluster.patch("{\"spec\":{\"service\":{\"trafficDistribution\":%s}}}"
                    .formatted(preferred.isEmpty() ? "null" : "\"" + preferred + "\""));
            for (String name : List.of("near-repl", "near-pooler-repl")) {
                Waiting.until(
                        name + " prefers what the spec says",
                        Waiting.SHORT,
                        () -> ns.get("service", name),
                        found -> found.has("spec")
                                && found.at("/spec/trafficDistribution")
                                        .asText()
                                        .equals(preferred));
            }
            for (String name : List.of("near-primary", "near-pooler")) {
                assertThat(ns.get("service", name).path("spec").has("trafficDistribution"))
                        .as(name)
                        .isFalse();
            }
        }
        var refused = ns.tryApply(Manifest.cluster("far").spec("service", Map.of("trafficDistribution", "Random")));
        assertThat(refused.ok()).isFalse();
        assertThat(refused.all()).contains("PreferClose", "PreferSameZone", "PreferSameNode");
    }

    @Test
    @Acceptance(127)
    void aNodePortIsThePrimarys() {
        ns.apply(Manifest.cluster("port").noTls().replicas(2))
                .awaitPhase("Running")
                .patch("""
                {"spec":{"service":{"type":"NodePort","nodePort":%d}}}""".formatted(NODE_PORT));
        assertThat(awaitType("port-primary", "NodePort")
                        .at("/spec/ports/0/nodePort")
                        .asInt())
                .isEqualTo(NODE_PORT);
        assertThat(awaitType("port-repl", "NodePort")
                        .at("/spec/ports/0/nodePort")
                        .asInt())
                .isNotEqualTo(NODE_PORT);
    }
}

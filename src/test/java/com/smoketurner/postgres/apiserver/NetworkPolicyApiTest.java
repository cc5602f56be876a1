package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The NetworkPolicy of a cluster comes, follows the spec, and goes. */
@ExtendWith(ApiServer.class)
class NetworkPolicyApiTest {
    private static final String NAME = "fenced";
    private static final String POLICY = NAME + "-network-policy";

    private final Namespace ns;

    NetworkPolicyApiTest(Namespace ns) {
        this.ns = ns;
    }

    private JsonNode policy() {
        return ns.get("networkpolicy", POLICY);
    }

    @Test
    @Acceptance({134, 135})
    void itIsThereWhileTheSpecAsksForIt() {
        ApiServer.operator();
        Cluster cluster = ns.apply(Manifest.cluster(NAME).noTls().replicas(2)).awaitPhase("Running");
        assertThat(policy().isMissingNode()).isTrue();
        assertThat(cluster.condition("NetworkPolicyApplied")).isNull();

        cluster.patch(
                "{\"spec\":{\"networkPolicy\":{\"enabled\":true,\"allowFromNamespaces\":[\"app-namespace\",\"monitoring\"],\"allowExternalCidrs\":[\"10.0.0.0/8\"]}}}");
        cluster.awaitCondition("NetworkPolicyApplied", "True", "NetworkPolicyInForce");
        JsonNode spec = policy().path("spec");
        assertThat(spec.path("policyTypes").toString()).isEqualTo("[\"Ingress\"]");
        assertThat(Json.list(spec.path("ingress"))).hasSize(7);
        assertThat(spec.path("ingress").findValuesAsText("cidr")).containsExactly("10.0.0.0/8");
        assertThat(spec.path("ingress").findValuesAsText("kubernetes.io/metadata.name"))
                .contains("app-namespace", "monitoring");

        cluster.patch("{\"spec\":{\"networkPolicy\":{\"enabled\":false}}}");
        Waiting.until("the policy is gone", Waiting.SHORT, this::policy, JsonNode::isMissingNode);
        assertThat(cluster.awaitPhase("Running").condition("NetworkPolicyApplied"))
                .isNull();
    }

    @Test
    void anEntryThatNamesNobodyIsRefused() {
        for (Map<String, Object> nobody : List.<Map<String, Object>>of(
                Map.of(), Map.of("namespaceSelector", Map.of()), Map.of("podSelector", Map.of()))) {
            var refused = ns.tryApply(
                    Manifest.cluster("open").noTls().spec("networkPolicy", Map.of("allowFrom", List.of(nobody))));
            assertThat(refused.ok()).isFalse();
            assertThat(refused.all())
                    .contains("networkPolicy.allowFrom needs in each entry a selector that names a label");
        }
    }
}

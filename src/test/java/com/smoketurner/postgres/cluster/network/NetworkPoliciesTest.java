package com.smoketurner.postgres.cluster.network;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.values.Clusters;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NetworkPoliciesTest {
    private static final ControlPlane CONTROL_PLANE =
            new ControlPlane("operators", "keda", new TreeSet<>(List.of(16443)));
    private static final String MEMBERS =
            "pods app.kubernetes.io/component=postgresql,postgres-operator.smoketurner.com/cluster=my-cluster";
    private static final String POOLERS =
            "pods app.kubernetes.io/component=pgbouncer,postgres-operator.smoketurner.com/cluster=my-cluster";
    private static final String OPERATOR =
            "namespaces kubernetes.io/metadata.name=operators pods app.kubernetes.io/name=postgres-operator";

    private static NetworkPolicy policy(EgressTrial.@Nullable Stage stage, String... spec) {
        PostgresCluster cluster = Clusters.cluster(spec);
        return NetworkPolicies.of(
                cluster, CONTROL_PLANE, Optional.ofNullable(stage).map(now -> new EgressTrial("rules", now)));
    }

    private static List<String> ingress(NetworkPolicy policy) {
        return policy.getSpec().getIngress().stream()
                .map(rule -> peers(rule.getFrom()) + ": " + ports(rule.getPorts()))
                .toList();
    }

    private static List<String> egress(NetworkPolicy policy) {
        return policy.getSpec().getEgress().stream()
                .map(rule -> peers(rule.getTo()) + ": " + ports(rule.getPorts()))
                .toList();
    }

    private static String peers(List<NetworkPolicyPeer> peers) {
        return peers.isEmpty()
                ? "anywhere"
                : peers.stream().map(NetworkPoliciesTest::peer).collect(Collectors.joining(" or "));
    }

    private static String peer(NetworkPolicyPeer peer) {
        if (peer.getIpBlock() != null) {
            return peer.getIpBlock().getCidr();
        }
        return (labels("namespaces", peer.getNamespaceSelector()) + " " + labels("pods", peer.getPodSelector()))
                .strip();
    }

    private static String labels(String what, @Nullable LabelSelector selector) {
        if (selector == null) {
            return "";
        }
        var labels = Optional.ofNullable(selector.getMatchLabels()).orElse(Collections.emptyMap());
        return (what + " "
                        + labels.entrySet().stream()
                                .map(label -> label.getKey() + "=" + label.getValue())
                                .sorted()
                                .collect(Collectors.joining(",")))
                .strip();
    }

    private static String ports(List<NetworkPolicyPort> ports) {
        return ports.stream()
                .map(port -> port.getProtocol() + " " + port.getPort().getIntVal())
                .collect(Collectors.joining(", "));
    }

    @Test
    @Acceptance({134, 138})
    void connectionsToTheMembersAreRestricted() {
        NetworkPolicy policy = policy(
                null,
                "networkPolicy: {enabled: true, allowFromNamespaces: [app-namespace, monitoring], allowExternalCidrs: [10.0.0.0/8]}");

        assertThat(policy.getMetadata().getName()).isEqualTo("my-cluster-network-policy");
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress");
        assertThat(labels("pods", policy.getSpec().getPodSelector())).isEqualTo(MEMBERS);
        assertThat(ingress(policy))
                .containsExactly(
                        MEMBERS + ": TCP 5432, TCP 8008",
                        POOLERS + ": TCP 5432",
                        OPERATOR + ": TCP 5432, TCP 8008",
                        "pods: TCP 5432",
                        "namespaces kubernetes.io/metadata.name=app-namespace: TCP 5432",
                        "namespaces kubernetes.io/metadata.name=monitoring: TCP 5432",
                        "10.0.0.0/8: TCP 5432");
        assertThat(policy.getSpec().getEgress()).isEmpty();
    }

    @Test
    void everyWayToAllowMoreAddsARule() {
        assertThat(ingress(policy(null, """
                        networkPolicy:
                          allowFromPodSelector: {app: shop}
                          allowExternalCidrs: [10.0.0.0/8]
                          allowExternalAccess: true
                          allowFrom:
                            - namespaceSelector: {matchLabels: {team: a}}
                              podSelector: {matchLabels: {app: report}}
                        """)))
                .endsWith(
                        "pods app=shop: TCP 5432",
                        "10.0.0.0/8: TCP 5432",
                        "172.16.0.0/12: TCP 5432",
                        "192.168.0.0/16: TCP 5432",
                        "namespaces team=a pods app=report: TCP 5432")
                .doesNotHaveDuplicates();
    }

    @Test
    @Acceptance(139)
    void whoWatchesOverTheMembersReachesTheirMetrics() {
        assertThat(ingress(policy(
                        null,
                        "metrics: {enabled: true}",
                        "networkPolicy: {allowFromNamespaces: [monitoring], allowFromPodSelector: {app: scraper}}")))
                .endsWith(
                        "pods app=scraper: TCP 5432, TCP 9187",
                        "namespaces kubernetes.io/metadata.name=monitoring: TCP 5432, TCP 9187");
    }

    @Test
    void membersReachEachOtherForBackups() {
        NetworkPolicy policy = policy(
                EgressTrial.Stage.PASSED,
                "networkPolicy: {denyEgress: true}",
                "backup: {backupFromReplica: true, destination: {type: S3, bucket: b, endpoint: 'https://store:9000'}}");

        assertThat(ingress(policy)).startsWith(MEMBERS + ": TCP 5432, TCP 8008, TCP 8432");
        assertThat(egress(policy))
                .containsExactly(
                        MEMBERS + ": TCP 5432, TCP 8008, TCP 8432",
                        "anywhere: UDP 53, TCP 53, UDP 5353, TCP 5353",
                        "anywhere: TCP 443, TCP 6443, TCP 9000, TCP 16443");
    }

    @Test
    void rulesThatCutMembersOffAreNotInForce() {
        for (EgressTrial.Stage stage : EgressTrial.Stage.values()) {
            NetworkPolicy policy = policy(stage, "networkPolicy: {denyEgress: true}");
            assertThat(policy.getSpec().getPolicyTypes().contains("Egress"))
                    .as("%s", stage)
                    .isEqualTo(stage != EgressTrial.Stage.FAILED);
            assertThat(policy.getMetadata().getAnnotations())
                    .containsEntry(Annotations.EGRESS_TRIAL, new EgressTrial("rules", stage).text());
        }
    }

    @Test
    void anOperatorOutsideNeedsNoRule() {
        var outside = new ControlPlane(null, "keda", Collections.emptySortedSet());
        assertThat(ingress(NetworkPolicies.of(
                        Clusters.cluster("networkPolicy: {enabled: true}"), outside, Optional.empty())))
                .hasSize(3);
    }

    @Test
    void kedaCountsConnections() {
        assertThat(ingress(policy(null, "scaling: {enabled: true, connectionThreshold: 100}")))
                .anySatisfy(rule -> assertThat(rule).startsWith("namespaces kubernetes.io/metadata.name=keda: "));
        assertThat(ingress(policy(null, "scaling: {enabled: true, cpuTargetUtilization: 70}")))
                .noneMatch(rule -> rule.contains("=keda"));
    }
}

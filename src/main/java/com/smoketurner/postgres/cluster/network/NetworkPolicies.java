package com.smoketurner.postgres.cluster.network;

import com.smoketurner.postgres.api.BackupDestinationSpec;
import com.smoketurner.postgres.api.BackupSpec;
import com.smoketurner.postgres.api.NetworkPolicySpec;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.RestoreSpec;
import com.smoketurner.postgres.backup.Checked;
import com.smoketurner.postgres.backup.StoreLocation;
import com.smoketurner.postgres.cluster.desired.Ports;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code <c>-network-policy}: who reaches the members and, with {@code denyEgress}, what they reach.
 *
 * <p>Rules name ports as pods have them: policies act on the address and port behind a Service. Rules for the API server and for
 * DNS name no address, because nodes, load balancers and resolvers of a node are no pods, and some network plug-ins match no
 * block of addresses with them.
 */
final class NetworkPolicies {

    private static final String UDP = "UDP";
    private static final String NAMESPACE = "kubernetes.io/metadata.name";
    private static final String NAME = "app.kubernetes.io/name";
    private static final List<String> PRIVATE = List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");

    /** That of most resolvers, and that of OpenShift's. */
    private static final List<Integer> DNS = List.of(53, 5353);

    /** Of the Service, and where the API server listens in most clusters. */
    private static final List<Integer> API_SERVER = List.of(443, 6443);

    private static final int HTTPS = 443;

    private NetworkPolicies() {}

    /**
     * The policy.
     *
     * @param trial of the rules for what the members reach; absent where these are not to be in force
     */
    static NetworkPolicy of(PostgresCluster cluster, ControlPlane controlPlane, Optional<EgressTrial> trial) {
        boolean closed =
                trial.filter(now -> now.stage() != EgressTrial.Stage.FAILED).isPresent();
        var metadata = Metadata.of(cluster, Names.of(cluster).networkPolicy(), Component.POSTGRESQL);
        trial.ifPresent(now -> metadata.setAnnotations(Map.of(Annotations.EGRESS_TRIAL, now.text())));
        return new NetworkPolicyBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withPodSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Labels.memberSelector(cluster))
                        .build())
                .withPolicyTypes(closed ? List.of("Ingress", "Egress") : List.of("Ingress"))
                .withIngress(ingress(cluster, controlPlane))
                .withEgress(closed ? egress(cluster, controlPlane) : List.of())
                .endSpec()
                .build();
    }

    /** {@code <c>-pooler-network-policy}: who reaches the poolers and, with {@code denyEgress}, that they reach the members alone. */
    static NetworkPolicy ofPoolers(PostgresCluster cluster) {
        boolean closed = cluster.getSpec().networkPolicyOrDefault().denyEgressOrDefault();
        List<NetworkPolicyIngressRule> clients = new ArrayList<>();
        addClients(clients, cluster, Ports.POOLER, Ports.POOLER);
        return new NetworkPolicyBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).poolerNetworkPolicy(), Component.PGBOUNCER))
                .withNewSpec()
                .withPodSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Labels.selector(cluster, Component.PGBOUNCER))
                        .build())
                .withPolicyTypes(closed ? List.of("Ingress", "Egress") : List.of("Ingress"))
                .withIngress(clients)
                .withEgress(closed ? List.of(to(members(cluster), Ports.POSTGRESQL), dns()) : List.of())
                .endSpec()
                .build();
    }

    private static List<NetworkPolicyIngressRule> ingress(PostgresCluster cluster, ControlPlane controlPlane) {
        List<NetworkPolicyIngressRule> rules = new ArrayList<>();
        rules.add(from(members(cluster), memberPorts(cluster)));
        rules.add(from(pods(Labels.selector(cluster, Component.PGBOUNCER)), Ports.POSTGRESQL));
        if (controlPlane.operatorNamespace() != null) {
            rules.add(from(
                    peer(Map.of(NAMESPACE, controlPlane.operatorNamespace()), Map.of(NAME, ApiGroup.OPERATOR)),
                    Ports.POSTGRESQL,
                    Ports.PATRONI));
        }
        if (cluster.getSpec().connectionScaling()) {
            rules.add(from(peer(Map.of(NAMESPACE, controlPlane.kedaNamespace()), null), Ports.POSTGRESQL));
        }
        addClients(rules, cluster, Ports.POSTGRESQL, clientPorts(cluster));
        return rules;
    }

    /**
     * The rules for those that the spec names.
     *
     * @param port of the database
     * @param ports of the database and of what else the pods of Kubernetes may see
     */
    private static void addClients(
            List<NetworkPolicyIngressRule> rules, PostgresCluster cluster, int port, int... ports) {
        NetworkPolicySpec spec = cluster.getSpec().networkPolicyOrDefault();
        rules.add(from(pods(spec.allowFromPodSelector()), ports));
        spec.allowFromNamespaces().forEach(name -> rules.add(from(peer(Map.of(NAMESPACE, name), null), ports)));
        Stream.concat(
                        spec.allowExternalCidrs().stream(),
                        spec.allowExternalAccessOrDefault() ? PRIVATE.stream() : Stream.empty())
                .distinct()
                .forEach(cidr -> rules.add(from(block(cidr), port)));
        spec.allowFrom()
                .forEach(other -> rules.add(from(
                        new NetworkPolicyPeerBuilder()
                                .withNamespaceSelector(other.namespaceSelector())
                                .withPodSelector(other.podSelector())
                                .build(),
                        port)));
    }

    /** What the members reach when all else is denied. */
    static List<NetworkPolicyEgressRule> egress(PostgresCluster cluster, ControlPlane controlPlane) {
        List<NetworkPolicyEgressRule> rules = new ArrayList<>();
        rules.add(to(members(cluster), memberPorts(cluster)));
        rules.add(dns());
        var outside = new TreeSet<>(API_SERVER);
        outside.addAll(controlPlane.apiServerPorts());
        outside.addAll(stores(cluster));
        rules.add(new NetworkPolicyEgressRuleBuilder()
                .withPorts(
                        outside.stream().map(number -> port(Ports.TCP, number)).toList())
                .build());
        return rules;
    }

    private static NetworkPolicyEgressRule to(NetworkPolicyPeer peer, int... ports) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(peer)
                .withPorts(tcp(ports))
                .build();
    }

    private static NetworkPolicyEgressRule dns() {
        return new NetworkPolicyEgressRuleBuilder()
                .withPorts(DNS.stream()
                        .flatMap(port -> Stream.of(port(UDP, port), port(Ports.TCP, port)))
                        .toList())
                .build();
    }

    /** The ports of the object stores of the spec, as their endpoints have them. */
    private static Collection<Integer> stores(PostgresCluster cluster) {
        Names names = Names.of(cluster);
        BackupDestinationSpec destination = Optional.ofNullable(
                        cluster.getSpec().backup())
                .map(BackupSpec::destination)
                .orElse(null);
        RestoreSpec restore = cluster.getSpec().restore();
        List<Checked<StoreLocation>> locations = new ArrayList<>();
        if (destination != null) {
            locations.add(StoreLocation.of(destination, names));
        }
        if (restore != null) {
            locations.add(StoreLocation.of(restore.source(), names));
        }
        return locations.stream()
                .flatMap(location -> location.toOptional().stream())
                .map(StoreLocation::endpoint)
                .filter(Objects::nonNull)
                .flatMap(endpoint -> port(endpoint).stream())
                .toList();
    }

    private static Optional<Integer> port(String endpoint) {
        try {
            int port = URI.create(endpoint).getPort();
            return Optional.of(port > 0 ? port : HTTPS);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // The backup settings are refused for it.
        }
    }

    /** What applications and those that watch over them reach. */
    private static int[] clientPorts(PostgresCluster cluster) {
        return cluster.getSpec().metricsEnabled()
                ? new int[] {
                    Ports.POSTGRESQL, cluster.getSpec().metricsOrDefault().portOrDefault()
                }
                : new int[] {Ports.POSTGRESQL};
    }

    private static int[] memberPorts(PostgresCluster cluster) {
        return Optional.ofNullable(cluster.getSpec().backup())
                        .filter(BackupSpec::backupFromReplicaOrDefault)
                        .isPresent()
                ? new int[] {Ports.POSTGRESQL, Ports.PATRONI, Ports.BACKUP}
                : new int[] {Ports.POSTGRESQL, Ports.PATRONI};
    }

    private static NetworkPolicyIngressRule from(NetworkPolicyPeer peer, int... ports) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(peer)
                .withPorts(tcp(ports))
                .build();
    }

    private static NetworkPolicyPeer members(PostgresCluster cluster) {
        return pods(Labels.memberSelector(cluster));
    }

    private static NetworkPolicyPeer pods(Map<String, String> labels) {
        return peer(null, labels);
    }

    private static NetworkPolicyPeer peer(
            @Nullable Map<String, String> namespace, @Nullable Map<String, String> labels) {
        var peer = new NetworkPolicyPeerBuilder();
        if (namespace != null) {
            peer.withNewNamespaceSelector().withMatchLabels(namespace).endNamespaceSelector();
        }
        if (labels != null) {
            peer.withNewPodSelector().withMatchLabels(labels).endPodSelector();
        }
        return peer.build();
    }

    private static NetworkPolicyPeer block(String cidr) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(cidr)
                .endIpBlock()
                .build();
    }

    private static List<NetworkPolicyPort> tcp(int... ports) {
        List<NetworkPolicyPort> list = new ArrayList<>();
        for (int number : ports) {
            list.add(port(Ports.TCP, number));
        }
        return list;
    }

    private static NetworkPolicyPort port(String protocol, int number) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withPort(new IntOrString(number))
                .build();
    }
}

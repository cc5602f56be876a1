package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.ServiceType;
import com.smoketurner.postgres.naming.Component;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Metadata;
import com.smoketurner.postgres.naming.Names;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.ServiceSpecBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Services of a cluster's members. */
public final class Services {
    private Services() {}

    /** The name of the leader: without a selector, because Patroni writes the Endpoints. */
    public static Service leaderOf(PostgresCluster cluster) {
        return new ServiceBuilder()
                .withMetadata(metadata(cluster, Names.of(cluster).leaderService()))
                .withNewSpec()
                .withClusterIP("None")
                .withPorts(postgresql(null))
                .endSpec()
                .build();
    }

    /** Keeps the Endpoints with Patroni's configuration: Kubernetes removes Endpoints without a Service. */
    public static Service configOf(PostgresCluster cluster) {
        return new ServiceBuilder()
                .withMetadata(metadata(cluster, Names.of(cluster).configService()))
                .withNewSpec()
                .withClusterIP("None")
                .endSpec()
                .build();
    }

    /** Reading and writing. */
    public static Service primaryOf(PostgresCluster cluster) {
        var nodePort = cluster.getSpec().serviceOrDefault().nodePort();
        return client(cluster, Names.of(cluster).primaryService(), Labels.primarySelector(cluster), nodePort);
    }

    /** Reading from replicas; absent from a cluster that has none. */
    public static Optional<Service> replicaOf(PostgresCluster cluster, PodInputs inputs) {
        var spec = cluster.getSpec();
        var scalesOut = spec.scalingActive() && spec.scalingOrDefault().maxReplicasOrDefault() > 1;
        if (inputs.membersOf(cluster) <= 1 && !scalesOut) {
            return Optional.empty();
        }
        return Optional.of(forReading(
                cluster, client(cluster, Names.of(cluster).replicaService(), Labels.readerSelector(cluster), null)));
    }

    /** The same Service with the endpoints that the spec prefers: for Services that have more than the primary behind them. */
    public static Service forReading(PostgresCluster cluster, Service service) {
        var preferred = cluster.getSpec().serviceOrDefault().trafficDistribution();
        if (preferred != null) {
            service.getSpec().setTrafficDistribution(preferred.label());
        }
        return service;
    }

    /** Gives every member a name of its own, also before it is ready. */
    public static Service headlessOf(PostgresCluster cluster) {
        return new ServiceBuilder()
                .withMetadata(metadata(cluster, Names.of(cluster).headlessService()))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.memberSelector(cluster))
                .withPorts(postgresql(null), port(Ports.PATRONI_NAME, Ports.PATRONI, null))
                .endSpec()
                .build();
    }

    /** The exporters of all members, also of those that are not ready. */
    public static Service metricsOf(PostgresCluster cluster) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(cluster, Names.of(cluster).metricsService(), Component.METRICS))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.memberSelector(cluster))
                .withPorts(port(
                        ExporterContainer.PORT,
                        cluster.getSpec().metricsOrDefault().portOrDefault(),
                        null))
                .endSpec()
                .build();
    }

    private static Service client(
            PostgresCluster cluster, String name, Map<String, String> selector, @Nullable Integer nodePort) {
        var nodePorts = cluster.getSpec().serviceOrDefault().typeOrDefault() == ServiceType.NODE_PORT;
        return client(cluster, metadata(cluster, name), selector, postgresql(nodePorts ? nodePort : null));
    }

    /** A Service as the spec has those for clients, of pods that are not the members. */
    public static Service client(
            PostgresCluster cluster, ObjectMeta metadata, Map<String, String> selector, String portName, int port) {
        return client(cluster, metadata, selector, port(portName, port, null));
    }

    private static Service client(
            PostgresCluster cluster, ObjectMeta metadata, Map<String, String> selector, ServicePort port) {
        var wanted = cluster.getSpec().serviceOrDefault();
        var type = wanted.typeOrDefault();
        if (!wanted.annotations().isEmpty()) {
            metadata.setAnnotations(new TreeMap<>(wanted.annotations()));
        }
        var spec = new ServiceSpecBuilder()
                .withType(type.label())
                .withSelector(selector)
                .withPorts(port);
        if (type == ServiceType.LOAD_BALANCER) {
            spec.withLoadBalancerSourceRanges(wanted.loadBalancerSourceRanges());
        }
        var policy = wanted.externalTrafficPolicy();
        if (type != ServiceType.CLUSTER_IP && policy != null) {
            spec.withExternalTrafficPolicy(policy.label());
        }
        return new ServiceBuilder()
                .withMetadata(metadata)
                .withSpec(spec.build())
                .build();
    }

    private static ObjectMeta metadata(PostgresCluster cluster, String name) {
        return Metadata.of(cluster, name, Component.POSTGRESQL);
    }

    private static ServicePort postgresql(@Nullable Integer nodePort) {
        return port(Ports.POSTGRESQL_NAME, Ports.POSTGRESQL, nodePort);
    }

    private static ServicePort port(String name, int port, @Nullable Integer nodePort) {
        var result = new ServicePortBuilder().withName(name).withPort(port).withProtocol(Ports.TCP);
        if (nodePort != null) {
            result.withNodePort(nodePort);
        }
        return result.build();
    }
}

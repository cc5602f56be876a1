package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What has to be known of the API server itself. */
public final class ApiServer {

    static final String NAMESPACE = "default";
    static final String NAME = "kubernetes";

    private ApiServer() {}

    /** The ports at which it listens behind its Service; none where that may not be read. Asks the API server. */
    public static SortedSet<Integer> ports(KubernetesClient client, ClusterReads reads) {
        if (!reads.allowed(ClusterReads.Read.API_SERVER_PORTS)) {
            return Collections.emptySortedSet();
        }
        return ApiFailure.unlessForbidden(Collections.emptySortedSet(), () -> {
            Endpoints endpoints =
                    client.endpoints().inNamespace(NAMESPACE).withName(NAME).get();
            var ports = new TreeSet<Integer>();
            if (endpoints != null) {
                endpoints
                        .getSubsets()
                        .forEach(subset -> subset.getPorts().stream()
                                .map(EndpointPort::getPort)
                                .forEach(ports::add));
            }
            return Collections.unmodifiableSortedSet(ports);
        });
    }
}

package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.api.PostgresCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.logging.Log;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the operator may read outside the namespaces that it watches. Where it watches all, its ClusterRole has everything and
 * nothing is asked. In a namespaced installation these permissions are optional: the API server is asked about each before it is
 * used, so that no request is refused.
 */
public final class ClusterReads {

    /** One permission, and what is missing without it. */
    public enum Read {
        NODES(
                "list",
                "",
                "nodes",
                "",
                "",
                "nodes (a primary on a cordoned node does not hand over before its pod is evicted)"),
        STORAGE_CLASSES(
                "get",
                "storage.k8s.io",
                "storageclasses",
                "",
                "",
                "storageclasses (the API server alone judges whether volumes may be expanded; a missing StorageClass is not named)"),
        CLUSTER_ISSUERS(
                "get",
                CertManager.GROUP,
                "clusterissuers",
                "",
                "",
                "clusterissuers (a missing ClusterIssuer is not named)"),
        KUBERNETES_ID(
                "get",
                "",
                "namespaces",
                Namespaces.KUBE_SYSTEM,
                Namespaces.KUBE_SYSTEM,
                "the namespace kube-system (the backup repository of a deleted cluster is free 15 minutes after its last write)"),
        API_SERVER_PORTS(
                "get",
                "",
                "endpoints",
                ApiServer.NAMESPACE,
                ApiServer.NAME,
                "the endpoints default/kubernetes (network policies allow the ports 443 and 6443 of the API server only)");

        private final String verb;
        private final String group;
        private final String resource;
        private final String namespace;
        private final String name;
        private final String lost;

        Read(String verb, String group, String resource, String namespace, String name, String lost) {
            this.verb = verb;
            this.group = group;
            this.resource = resource;
            this.namespace = namespace;
            this.name = name;
            this.lost = lost;
        }

        private boolean permitted(KubernetesClient client) {
            return ClusterReads.permitted(client, verb, group, resource, namespace, name);
        }
    }

    private final Set<Read> allowed;
    private final Predicate<String> mayReadClusters;

    private ClusterReads(Set<Read> allowed, Predicate<String> mayReadClusters) {
        this.allowed = Set.copyOf(allowed);
        this.mayReadClusters = mayReadClusters;
    }

    /** Of somebody who may read everything. */
    public static ClusterReads all() {
        return new ClusterReads(EnumSet.allOf(Read.class), namespace -> true);
    }

    /**
     * Asks the API server unless all namespaces are watched, and logs what is missing.
     *
     * @param watched the namespaces that are watched; empty for all
     */
    public static ClusterReads of(KubernetesClient client, Set<String> watched) {
        if (watched.isEmpty()) {
            return all();
        }
        Set<Read> allowed = Arrays.stream(Read.values())
                .filter(read -> read.permitted(client))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Read.class)));
        List<String> lost = lost(allowed);
        if (!lost.isEmpty()) {
            Log.warnf("no permission to read %s; see docs/install.md", String.join(", ", lost));
        }
        return new ClusterReads(
                allowed,
                namespace -> watched.contains(namespace)
                        || permitted(
                                client,
                                "get",
                                HasMetadata.getGroup(PostgresCluster.class),
                                HasMetadata.getPlural(PostgresCluster.class),
                                namespace,
                                ""));
    }

    /** What is missing without the others, for whoever reads the log. */
    static List<String> lost(Set<Read> allowed) {
        return EnumSet.allOf(Read.class).stream()
                .filter(read -> !allowed.contains(read))
                .map(read -> read.lost)
                .toList();
    }

    public boolean allowed(Read read) {
        return allowed.contains(read);
    }

    /** Whether the PostgresClusters of a namespace may be read. Asks the API server about a namespace that is not watched. */
    public boolean clustersOf(String namespace) {
        return mayReadClusters.test(namespace);
    }

    private static boolean permitted(
            KubernetesClient client, String verb, String group, String resource, String namespace, String name) {
        var review = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .withNamespace(namespace)
                .withName(name)
                .endResourceAttributes()
                .endSpec()
                .build();
        return client.authorization()
                .v1()
                .selfSubjectAccessReview()
                .create(review)
                .getStatus()
                .getAllowed();
    }
}

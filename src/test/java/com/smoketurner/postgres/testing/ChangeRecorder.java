package com.smoketurner.postgres.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when each object got a new resourceVersion, by watching. The audit log tells that a write was accepted,
 * not whether it changed anything; a write that no change belongs to changed nothing.
 */
public final class ChangeRecorder {
    /** How much later than the answer to a write its watch event may arrive here on a busy machine. */
    private static final Duration LATE = Duration.ofSeconds(30);

    /** Pods are changed by Patroni in each of its loops: another change of theirs soon stands for one that comes late. */
    private static final Duration LATE_OF_PODS = Duration.ofSeconds(5);

    private static final List<ResourceDefinitionContext> BUILT_IN = List.of(
            type("", "v1", "Service", "services"),
            type("", "v1", "Endpoints", "endpoints"),
            type("", "v1", "ConfigMap", "configmaps"),
            type("", "v1", "Secret", "secrets"),
            type("", "v1", "ServiceAccount", "serviceaccounts"),
            type("", "v1", "Pod", "pods"),
            type("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
            type("", "v1", "Event", "events"),
            type("apps", "v1", "StatefulSet", "statefulsets"),
            type("apps", "v1", "Deployment", "deployments"),
            type("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
            type("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
            type("rbac.authorization.k8s.io", "v1", "Role", "roles"),
            type("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
            type("coordination.k8s.io", "v1", "Lease", "leases"),
            type("cert-manager.io", "v1", "Certificate", "certificates"),
            type("cert-manager.io", "v1", "Issuer", "issuers"));

    private static final List<ResourceDefinitionContext> OURS = List.of(
            type(Project.GROUP, "v1alpha1", "PostgresCluster", "postgresclusters"),
            type(Project.GROUP, "v1alpha1", "PostgresDatabase", "postgresdatabases"),
            type(Project.GROUP, "v1alpha1", "PostgresUpgrade", "postgresupgrades"));

    private final KubernetesClient client;
    private final Map<String, Deque<Instant>> changes = new ConcurrentHashMap<>();
    private final Set<String> types = ConcurrentHashMap.newKeySet();
    private final Instant started = Instant.now();

    private ChangeRecorder(KubernetesClient client) {
        this.client = client;
    }

    /** Starts with what every cluster has; {@link #addOurs} follows when the CRDs are there. */
    public static ChangeRecorder start(KubernetesClient client) {
        var recorder = new ChangeRecorder(client);
        BUILT_IN.forEach(type -> recorder.watch(type, null));
        return recorder;
    }

    public void addOurs() {
        OURS.forEach(type -> watch(type, null));
    }

    /** Changes before this moment were not seen. */
    public Instant started() {
        return started;
    }

    /** The types that are watched, as {@link AuditLog.Request#type} names them. */
    public Set<String> types() {
        return Set.copyOf(types);
    }

    /**
     * The accepted writes among these that changed nothing. Each change is taken for at most one write, and the
     * earliest possible one, so a write is named only if no assignment explains it.
     */
    public List<AuditLog.Request> unchanged(List<AuditLog.Request> requests) {
        Map<String, List<AuditLog.Request>> byObject = requests.stream()
                .filter(r -> r.write() && !r.refused() && !r.name().isEmpty())
                .filter(r -> types.contains(r.object().replaceFirst(" .*", "")))
                .collect(Collectors.groupingBy(AuditLog.Request::object, HashMap::new, Collectors.toList()));
        var unexplained = new ArrayList<AuditLog.Request>();
        byObject.forEach((object, writes) -> unexplained.addAll(unexplained(writes, changes(object))));
        // What made its object changed something, however late the watch told.
        unexplained.removeIf(write -> write.code() == HttpURLConnection.HTTP_CREATED);
        unexplained.sort(Comparator.comparing(AuditLog.Request::received));
        return unexplained;
    }

    private static List<AuditLog.Request> unexplained(List<AuditLog.Request> writes, List<Instant> moments) {
        var open = new ArrayList<>(writes);
        Duration late = writes.getFirst().object().startsWith("pods ") ? LATE_OF_PODS : LATE;
        open.sort(Comparator.comparing(AuditLog.Request::completed));
        for (Instant moment : moments) {
            open.stream()
                    .filter(w -> !moment.isBefore(w.received())
                            && !moment.isAfter(w.completed().plus(late)))
                    .findFirst()
                    .ifPresent(open::remove);
        }
        return open;
    }

    /** When an object changed. */
    private List<Instant> changes(String object) {
        Deque<Instant> list = changes.getOrDefault(object, new ArrayDeque<>());
        synchronized (list) {
            return List.copyOf(list);
        }
    }

    private void watch(ResourceDefinitionContext type, @Nullable String from) {
        String version = from;
        if (version == null) {
            try {
                version = client.genericKubernetesResources(type)
                        .inAnyNamespace()
                        .list(new ListOptionsBuilder().withLimit(1L).build())
                        .getMetadata()
                        .getResourceVersion();
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    return; // an API that this cluster does not have is not written to either
                }
                throw e;
            }
        }
        types.add(name(type));
        var watcher = new Recording(type, version);
        client.genericKubernetesResources(type)
                .inAnyNamespace()
                .watch(
                        new ListOptionsBuilder()
                                .withResourceVersion(version)
                                .withAllowWatchBookmarks(true)
                                .build(),
                        watcher);
    }

    private final class Recording implements Watcher<GenericKubernetesResource> {
        private final ResourceDefinitionContext type;
        private String last;

        Recording(ResourceDefinitionContext type, String from) {
            this.type = type;
            this.last = from;
        }

        @Override
        public void eventReceived(Action action, GenericKubernetesResource object) {
            var meta = object.getMetadata();
            last = meta.getResourceVersion();
            if (action != Action.BOOKMARK) {
                String namespace = meta.getNamespace() == null ? "" : meta.getNamespace();
                var list = changes.computeIfAbsent(
                        name(type) + " " + namespace + "/" + meta.getName(), key -> new ArrayDeque<>());
                synchronized (list) {
                    list.add(Instant.now());
                }
            }
        }

        @Override
        public boolean reconnecting() {
            return true;
        }

        @Override
        public void onClose(WatcherException cause) {
            // The client gives up only when its version is too old: go on from now.
            Thread.startVirtualThread(() -> watch(type, cause.isHttpGone() ? null : last));
        }
    }

    private static String name(ResourceDefinitionContext type) {
        return type.getPlural() + (type.getGroup().isEmpty() ? "" : "." + type.getGroup());
    }

    private static ResourceDefinitionContext type(String group, String version, String kind, String plural) {
        return new ResourceDefinitionContext.Builder()
                .withGroup(group)
                .withVersion(version)
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(true)
                .build();
    }
}

package com.smoketurner.postgres.testing.observe;

import com.smoketurner.postgres.testing.Project;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Remembers when each object got a new resourceVersion, by watching. The audit log tells that a write was accepted,
 * not whether it changed anything; a write that no change belongs to changed nothing.
 */
public final class ChangeRecorder {
    /** How much later than the answer to a write its watch event may arrive here on a busy machine. */
    private static final Duration LATE = Duration.ofSeconds(30);

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
            type("batch", "v1", "Job", "jobs"),
            type("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets"),
            type("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
            type("rbac.authorization.k8s.io", "v1", "Role", "roles"),
            type("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
            type("coordination.k8s.io", "v1", "Lease", "leases"),
            type("cert-manager.io", "v1", "Certificate", "certificates"),
            type("cert-manager.io", "v1", "Issuer", "issuers"),
            type("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors"),
            type("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects"),
            type("keda.sh", "v1alpha1", "TriggerAuthentication", "triggerauthentications"));

    private static final List<ResourceDefinitionContext> OURS = List.of(
            type(Project.GROUP, "v1alpha1", "PostgresCluster", "postgresclusters"),
            type(Project.GROUP, "v1alpha1", "PostgresDatabase", "postgresdatabases"),
            type(Project.GROUP, "v1alpha1", "PostgresUpgrade", "postgresupgrades"));

    private final KubernetesClient client;
    private final Map<String, Deque<Instant>> changes = new ConcurrentHashMap<>();
    private final Map<String, Integer> pods = new ConcurrentHashMap<>();
    private final List<Gap> gaps = new CopyOnWriteArrayList<>();
    private final Set<String> types = ConcurrentHashMap.newKeySet();
    private final Instant started = Instant.now();

    /** Changes of a type that nobody was told of: the API server had forgotten them when its watch was taken up again. */
    private record Gap(String type, Instant from, Instant until) {
        boolean hides(AuditLog.Request write) {
            return write.object().startsWith(type + " ")
                    && !write.completed().plus(LATE).isBefore(from)
                    && !write.received().isAfter(until);
        }
    }

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
        unexplained.removeIf(write ->
                write.code() == HttpURLConnection.HTTP_CREATED || gaps.stream().anyMatch(gap -> gap.hides(write)));
        unexplained.sort(Comparator.comparing(AuditLog.Request::received));
        return unexplained;
    }

    private static List<AuditLog.Request> unexplained(List<AuditLog.Request> writes, List<Instant> moments) {
        var open = new ArrayList<>(writes);
        open.sort(Comparator.comparing(AuditLog.Request::completed));
        for (Instant moment : moments) {
            open.stream()
                    .filter(w -> !moment.isBefore(w.received())
                            && !moment.isAfter(w.completed().plus(LATE)))
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
        private Instant lastSeen = Instant.now();

        Recording(ResourceDefinitionContext type, String from) {
            this.type = type;
            this.last = from;
        }

        @Override
        public void eventReceived(Action action, GenericKubernetesResource object) {
            var meta = object.getMetadata();
            last = meta.getResourceVersion();
            lastSeen = Instant.now();
            String namespace = meta.getNamespace() == null ? "" : meta.getNamespace();
            String name = name(type) + " " + namespace + "/" + meta.getName();
            if (action != Action.BOOKMARK && !(type.getKind().equals("Pod") && onlyAlive(name, object))) {
                var list = changes.computeIfAbsent(name, key -> new ArrayDeque<>());
                synchronized (list) {
                    list.add(lastSeen);
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
            Thread.startVirtualThread(() -> {
                watch(type, cause.isHttpGone() ? null : last);
                if (cause.isHttpGone()) {
                    gaps.add(new Gap(name(type), lastSeen, Instant.now()));
                }
            });
        }
    }

    /**
     * Whether of a pod nothing has changed but what Patroni and its node report every few seconds, which would stand for any
     * write of ours.
     */
    private boolean onlyAlive(String name, GenericKubernetesResource pod) {
        var meta = pod.getMetadata();
        Map<String, String> annotations = new HashMap<>(Objects.requireNonNullElse(meta.getAnnotations(), Map.of()));
        annotations.remove("status");
        int now = Objects.hash(
                meta.getUid(),
                meta.getDeletionTimestamp(),
                meta.getLabels(),
                annotations,
                pod.get("spec"),
                meta.getManagedFields().stream()
                        .filter(entry -> entry.getSubresource() == null)
                        .map(entry -> List.of(entry.getManager(), entry.getFieldsV1()))
                        .toList());
        Integer before = pods.put(name, now);
        return before != null && before == now;
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

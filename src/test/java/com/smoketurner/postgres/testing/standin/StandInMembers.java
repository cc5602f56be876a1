package com.smoketurner.postgres.testing.standin;

import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.lab.OperatorProcess;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/**
 * A STAND-IN, for an API server without nodes: it plays the kubelet (pods become Ready), Patroni (labels, annotations
 * and Endpoints as Patroni 4 writes them) and cert-manager (a Secret for each Certificate). No PostgreSQL runs. What
 * is tested with it is what the operator does at the API server; everything about data is tested end to end.
 */
public final class StandInMembers implements AutoCloseable {
    private static final String CLUSTER = Project.GROUP + "/cluster";
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final ExecutorService worker =
            Executors.newFixedThreadPool(2, Thread.ofPlatform().daemon().factory());
    private final Set<Key> queued = ConcurrentHashMap.newKeySet();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Set<String> unready = ConcurrentHashMap.newKeySet();
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<Endpoints> records;
    private final StandInRest rest = new StandInRest();
    private final StandInCertificates certificates;

    private record Key(String namespace, String cluster) {}

    private StandInMembers(KubernetesClient client) {
        this.client = client;
        this.pods = client.pods()
                .inAnyNamespace()
                .withLabel(COMPONENT, "postgresql")
                .runnableInformer(0);
        this.records = client.endpoints().inAnyNamespace().withLabel(CLUSTER).runnableInformer(0);
        records.addEventHandler(Handlers.of(
                own -> {},
                record -> wake(p -> p.getMetadata()
                        .getNamespace()
                        .equals(record.getMetadata().getNamespace()))));
        this.certificates = new StandInCertificates(client, rest);
        pods.addEventHandler(Handlers.of(this::enqueue, pod -> {
            unready.remove(id(pod));
            enqueue(pod);
        }));
    }

    public static StandInMembers start(KubernetesClient client) {
        var members = new StandInMembers(client);
        members.pods.run();
        members.records.run();
        members.certificates.start();
        return members;
    }

    /** From now on nothing happens to the pods and Certificates of this namespace. */
    public void hold(String namespace) {
        holdPods(namespace);
        certificates.hold(namespace);
    }

    /** From now on nothing happens to the pods of this namespace: what a state says that lasts until they run can be read. */
    public void holdPods(String namespace) {
        held.add(namespace);
    }

    /** Pods and Certificates of this namespace proceed again. */
    public void release(String namespace) {
        held.remove(namespace);
        certificates.release(namespace);
        wake(p -> p.getMetadata().getNamespace().equals(namespace));
    }

    /** Makes a pod fail its readiness probe, or pass it again. A leader that fails loses its lease. */
    public void setReady(String namespace, String pod, boolean ready) {
        String id = namespace + "/" + pod;
        if (ready ? unready.remove(id) : unready.add(id)) {
            wake(p -> id(p).equals(id));
        }
    }

    /** How the operator has to be started so that it reaches the REST interface that is played here. */
    public OperatorProcess.Options options(Map<String, String> env) {
        var all = new HashMap<>(env);
        all.put("POSTGRES_OPERATOR_CONNECT_MODE", "direct");
        all.put("JAVA_TOOL_OPTIONS", "-Djdk.net.hosts.file=" + rest.hosts());
        return OperatorProcess.Options.of(all);
    }

    /** The member that holds the leader key; empty where none does. */
    public String leader(String namespace, String cluster) {
        return PatroniRecords.read(client, namespace, cluster, "leader");
    }

    @Override
    public void close() {
        pods.close();
        records.close();
        certificates.close();
        rest.close();
        worker.shutdownNow();
    }

    private void wake(Predicate<Pod> which) {
        pods.getStore().list().stream().filter(which).forEach(this::enqueue);
    }

    private static String id(Pod pod) {
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    }

    private void enqueue(Pod pod) {
        String cluster = pod.getMetadata().getLabels().get(CLUSTER);
        var key = new Key(pod.getMetadata().getNamespace(), Objects.requireNonNullElse(cluster, ""));
        if (cluster != null && !held.contains(key.namespace()) && queued.add(key)) {
            worker.execute(() -> {
                queued.remove(key);
                try {
                    sync(key);
                } catch (KubernetesClientException e) {
                    if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
                            || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                        return; // changed or gone meanwhile: its own event follows
                    }
                    System.out.println("stand-in for " + key + ": " + e.getMessage());
                }
            });
        }
    }

    private void sync(Key key) {
        List<Pod> members = pods.getStore().list().stream()
                .filter(p -> p.getMetadata().getNamespace().equals(key.namespace())
                        && key.cluster().equals(p.getMetadata().getLabels().get(CLUSTER))
                        && p.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparing(p -> p.getMetadata().getName()))
                .toList();
        List<Pod> able = members.stream().filter(p -> !unready.contains(id(p))).toList();
        String before = leader(key.namespace(), key.cluster());
        Pod leader = able.stream()
                .filter(p -> p.getMetadata().getName().equals(before))
                .findFirst()
                .orElse(able.isEmpty() ? null : able.getFirst());
        for (Pod pod : members) {
            show(pod, pod.equals(leader), able.contains(pod));
        }
        if (leader != null && !leader.getMetadata().getName().equals(before)) {
            StandInDcs.leads(
                    client, key.namespace(), key.cluster(), leader.getMetadata().getName(), ip(leader));
        }
    }

    private void show(Pod pod, boolean leads, boolean ready) {
        boolean tls = pod.getSpec().getVolumes().stream().anyMatch(v -> "tls-certs".equals(v.getName()));
        var meta = pod.getMetadata();
        rest.add(meta.getNamespace(), Objects.requireNonNull(meta.getLabels().get(CLUSTER)), meta.getName(), tls);
        var resource = client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName());
        String role = leads ? "master" : "replica";
        if (ready && !role.equals(pod.getMetadata().getLabels().get("spilo-role"))) {
            String state = """
                    {"conn_url":"postgres://%1$s:5432/postgres","api_url":"https://%1$s:8008/patroni","state":"%2$s",\
                    "role":"%3$s","version":"4.1.5","xlog_location":50331648,"timeline":1%4$s}""".formatted(
                            ip(pod),
                            "running",
                            leads ? "primary" : "replica",
                            leads ? "" : ",\"replication_state\":\"streaming\"");
            resource.patch(
                    MERGE,
                    Json.tree(Map.of(
                                    "metadata",
                                    Map.of(
                                            "labels", Map.of("spilo-role", role),
                                            "annotations", Map.of("status", state))))
                            .toString());
        }
        boolean shown = pod.getStatus().getConditions().stream()
                .anyMatch(c -> "Ready".equals(c.getType()) && "True".equals(c.getStatus()));
        boolean current = Objects.equals(
                pod.getStatus().getObservedGeneration(), pod.getMetadata().getGeneration());
        if (shown != ready || !current || pod.getStatus().getPodIP() == null) {
            resource.subresource("status").patch(MERGE, StandInDcs.podStatus(pod, ip(pod), ready));
        }
    }

    /** An address derived from the uid: unique enough, and never reached. */
    private static String ip(Pod pod) {
        int hash = pod.getMetadata().getUid().hashCode();
        return "10.%d.%d.%d".formatted(128 + (hash >>> 24 & 63), hash >>> 16 & 255, 1 + (hash >>> 8 & 127));
    }
}

package com.smoketurner.postgres.bench;

import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.standin.Handlers;
import com.smoketurner.postgres.testing.user.Backups;
import com.smoketurner.postgres.testing.user.ObjectStore;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The clusters of the benchmark, fifty in a namespace, and what a user sees of them by watching. */
final class Population implements AutoCloseable {
    /** The user's label that is changed to see how soon the StatefulSet has it. */
    static final String LABEL = "bench";

    private static final String API = Project.GROUP + "/v1alpha1";
    private static final int IN_NAMESPACE = 50;
    private static final int AT_ONCE = 4;
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final int members;
    private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
    private final SharedIndexInformer<StatefulSet> sets;
    private final SharedIndexInformer<GenericKubernetesResource> clusters;
    private volatile boolean telling;
    private boolean backedUp;

    /** What a cluster or its StatefulSet shall become, and the moment at which it is seen to be so. */
    private record Awaited(Predicate<HasMetadata> reached, CompletableFuture<Long> seen) {}

    Population(KubernetesClient client, int members) {
        this.client = client;
        this.members = members;
        sets = client.apps()
                .statefulSets()
                .inAnyNamespace()
                .withLabel(Project.GROUP + "/cluster")
                .runnableInformer(0);
        clusters = client.genericKubernetesResources(API, "PostgresCluster")
                .inAnyNamespace()
                .runnableInformer(0);
        sets.addEventHandler(Handlers.of(this::arrived, set -> {}));
        clusters.addEventHandler(new ResourceEventHandler<GenericKubernetesResource>() {
            @Override
            public void onAdd(GenericKubernetesResource cluster) {
                // nothing changed
            }

            @Override
            public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
                arrived(now);
                tell(before, now);
            }

            @Override
            public void onDelete(GenericKubernetesResource cluster, boolean unknown) {
                // none is
            }
        });
        sets.run();
        clusters.run();
    }

    /** From now on, what is new in a status is printed: where none should be written, the cause is wanted. */
    void tellOfStatuses(boolean on) {
        telling = on;
    }

    private void tell(GenericKubernetesResource before, GenericKubernetesResource now) {
        if (telling) {
            Set<String> news = lines(now);
            news.removeAll(lines(before));
            news.forEach(line -> System.out.println("scale: status of " + key(now) + ": " + line));
        }
    }

    /** The fields of a status, each condition by itself. */
    private static Set<String> lines(GenericKubernetesResource cluster) {
        var lines = new TreeSet<String>();
        Json.tree(Objects.requireNonNullElse(cluster.get("status"), Map.of()))
                .properties()
                .forEach(field -> {
                    if (field.getValue().isArray()) {
                        field.getValue().forEach(entry -> lines.add(field.getKey() + " " + entry));
                    } else {
                        lines.add(field.getKey() + " " + field.getValue());
                    }
                });
        return lines;
    }

    private void arrived(HasMetadata object) {
        long now = System.nanoTime();
        Awaited expected = awaited.get(key(object));
        if (expected != null && expected.reached().test(object)) {
            expected.seen().complete(now);
        }
    }

    private static String key(HasMetadata object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    static String namespace(int number) {
        return "scale-" + number / IN_NAMESPACE;
    }

    static String name(int number) {
        return "pg-" + number;
    }

    /** Namespaces for clusters with numbers below this. */
    void namespaces(int count) {
        for (int i = 0; i < count; i += IN_NAMESPACE) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace(i))
                            .endMetadata()
                            .build())
                    .serverSideApply();
        }
    }

    /** From now on clusters are made with a destination for backups, and what it needs is in the namespaces that there are. */
    void backUp(int count) {
        backedUp = true;
        for (int i = 0; i < count; i += IN_NAMESPACE) {
            secret(
                    namespace(i),
                    ObjectStore.CREDENTIALS,
                    Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "secret"));
            secret(namespace(i), ObjectStore.KEY, Map.of("WALG_LIBSODIUM_KEY", "0123456789abcdef".repeat(4)));
        }
    }

    private void secret(String namespace, String name, Map<String, String> values) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .endMetadata()
                        .withStringData(values)
                        .build())
                .create();
    }

    /** All clusters with numbers below this are to be backed up then. */
    void schedule(int count, String schedule) {
        each(0, count, i -> patch(i, Map.of("backup", Map.of("schedule", schedule))));
    }

    /** Waits until so many clusters have so many backups. */
    void awaitBackups(int count, int backups, Duration limit) {
        Waiting.until(
                "all are backed up",
                limit,
                () -> (int) clusters.getStore().list().stream()
                        .filter(cluster -> cluster.get("status", "backup", "backupCount") instanceof Number number
                                && number.intValue() >= backups)
                        .count(),
                found -> found >= count);
    }

    private Manifest manifest(int number) {
        Manifest plain = Manifest.cluster(name(number)).without("spec", "tls").replicas(members);
        return backedUp
                ? plain.spec("backup", ObjectStore.backup(Backups.NEVER))
                        .without("spec", "backup", "destination", "caSecret")
                : plain;
    }

    /** Creates the clusters with these numbers, as a user would who sets nothing but their size: TLS is on. */
    void create(int from, int to) {
        each(
                from,
                to,
                i -> client.resource(Json.tree(manifest(i)
                                        .with(namespace(i), "metadata", "namespace")
                                        .json())
                                .toString())
                        .create());
    }

    /** Secrets that no cluster and no operator knows of, each of a kilobyte. */
    void unrelatedSecrets(int count) {
        var namespace = "unrelated";
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .serverSideApply();
        String kilobyte = "x".repeat(1000);
        each(
                0,
                count,
                i -> client.resource(new SecretBuilder()
                                .withNewMetadata()
                                .withNamespace(namespace)
                                .withName("unrelated-" + i)
                                .addToLabels("app", "another")
                                .endMetadata()
                                .addToStringData("value", kilobyte)
                                .build())
                        .create());
    }

    private static void each(int from, int to, IntConsumer work) {
        var places = new Semaphore(AT_ONCE);
        List<Thread> threads = IntStream.range(from, to)
                .mapToObj(i -> {
                    places.acquireUninterruptibly();
                    return Thread.startVirtualThread(() -> {
                        try {
                            work.accept(i);
                        } finally {
                            places.release();
                        }
                    });
                })
                .toList();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** Waits for the StatefulSet of each cluster, which is the last of its objects to be made. */
    void awaitStatefulSets(int count, Duration limit) {
        Waiting.until(
                "all have a StatefulSet", limit, () -> sets.getStore().list().size(), found -> found >= count);
    }

    /** Waits until the status of each cluster says that it runs as its spec says. */
    void awaitRunning(int count, Duration limit) {
        Waiting.until("all run", limit, this::running, found -> found >= count);
    }

    int running() {
        return (int)
                clusters.getStore().list().stream().filter(Population::runs).count();
    }

    boolean runs(int number) {
        var cluster = clusters.getStore().getByKey(namespace(number) + "/" + name(number));
        return cluster != null && runs(cluster);
    }

    private static boolean runs(GenericKubernetesResource cluster) {
        return "Running".equals(cluster.get("status", "phase")) && upToDate(cluster);
    }

    private static boolean upToDate(GenericKubernetesResource cluster) {
        return cluster.get("status", "observedGeneration") instanceof Number seen
                && cluster.getMetadata().getGeneration().equals(seen.longValue());
    }

    /** The label as the StatefulSet and all pods of a cluster have it; null unless they agree. */
    @Nullable
    String labelOf(int number) {
        var set = sets.getStore().getByKey(namespace(number) + "/" + name(number));
        String value = set == null ? null : set.getMetadata().getLabels().get(LABEL);
        List<Pod> pods = client.pods()
                .inNamespace(namespace(number))
                .withLabel(Project.GROUP + "/cluster", name(number))
                .list()
                .getItems();
        return value != null
                        && pods.size() == members
                        && pods.stream()
                                .allMatch(p ->
                                        value.equals(p.getMetadata().getLabels().get(LABEL)))
                ? value
                : null;
    }

    /** Changes a label of one cluster, which every object of it carries, and does not wait. */
    void label(int number, String value) {
        patch(number, Map.of("labels", Map.of(LABEL, value)));
    }

    /** Like {@link #label}; the moment at which the StatefulSet, the last of 16 objects to change, is seen to have it. */
    CompletableFuture<Long> labelAndWatch(int number, String value) {
        return watched(
                number,
                StatefulSet.class,
                set -> value.equals(set.getMetadata().getLabels().get(LABEL)),
                () -> label(number, value));
    }

    /** Changes what becomes of the volumes when the cluster is deleted, which no object but the status follows. */
    CompletableFuture<Long> retainAndWatch(int number, boolean retain) {
        String value = retain ? "Retain" : "Delete";
        return watched(
                number,
                GenericKubernetesResource.class,
                cluster -> value.equals(cluster.get("spec", "storage", "whenDeleted")) && upToDate(cluster),
                () -> patch(number, Map.of("storage", Map.of("whenDeleted", value))));
    }

    private <T extends HasMetadata> CompletableFuture<Long> watched(
            int number, Class<T> type, Predicate<T> reached, Runnable change) {
        var seen = new CompletableFuture<Long>();
        awaited.put(
                namespace(number) + "/" + name(number),
                new Awaited(object -> type.isInstance(object) && reached.test(type.cast(object)), seen));
        change.run();
        return seen;
    }

    private void patch(int number, Map<String, ?> spec) {
        client.genericKubernetesResources(API, "PostgresCluster")
                .inNamespace(namespace(number))
                .withName(name(number))
                .patch(MERGE, Json.tree(Map.of("spec", spec)).toString());
    }

    @Override
    public void close() {
        sets.close();
        clusters.close();
    }
}

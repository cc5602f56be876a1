package com.smoketurner.postgres.kube.cache;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.javaoperatorsdk.operator.api.config.informer.FieldSelector;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.EventSourceRetriever;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.TransformingItemStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the operator knows of the objects that belong to the resources of one kind: one informer for each type of object
 * (and for each namespace, where several are watched), limited to the objects that carry our {@code managed-by} label, so that the thousands of unrelated Secrets and Pods of
 * a Kubernetes cluster never enter the process. Objects are mapped to their resource by one label.
 *
 * @param <P> the kind of the custom resource
 */
public final class OwnedCaches<P extends HasMetadata> implements Lookup<P> {

    /**
     * Objects in one answer to a list: the whole of a large cluster at once would need its memory twice, and fifteen kinds are
     * listed at the same time. With 100 that took half of the heap at a start with 500 clusters.
     */
    public static final long PAGE = 25;

    private final EventSourceContext<P> context;
    private final String selector;
    private final String ownerLabel;
    private final Consumer<ResourceID> disturbed;
    private final SourceNames names;
    private final Map<String, InformerEventSource<? extends HasMetadata, P>> sources = new ConcurrentHashMap<>();
    private final Map<String, CompressedStore<?>> packed = new ConcurrentHashMap<>();
    private final Map<String, AtomicReference<byte @Nullable []>> patterns = new ConcurrentHashMap<>();

    /**
     * @param context the context of the controller whose resources own the objects
     * @param selector label selector of the objects of interest, in the syntax of the API
     * @param ownerLabel key of the label whose value is the name of the owning resource in the same namespace
     * @param disturbed told of each resource that is about to be woken by one of its objects
     */
    public OwnedCaches(
            EventSourceContext<P> context, String selector, String ownerLabel, Consumer<ResourceID> disturbed) {
        this.context = context;
        this.selector = selector;
        this.ownerLabel = ownerLabel;
        this.disturbed = disturbed;
        this.names = new SourceNames(context.getControllerConfiguration().getEffectiveNamespaces());
    }

    /** Watches objects of a type of the client's model; every change wakes the owner. */
    public <R extends HasMetadata> OwnedCaches<P> watch(Class<R> type) {
        return watch(type, (now, before) -> true);
    }

    /** Watches objects of a type; a change wakes the owner only if the filter accepts it. */
    public <R extends HasMetadata> OwnedCaches<P> watch(Class<R> type, OnUpdateFilter<R> filter) {
        context.getClient().getKubernetesSerialization().registerKubernetesResource(type);
        return register(
                type,
                HasMetadata.getKind(type),
                () -> InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass()),
                filter);
    }

    /** Watches objects of a kind that the client has no model of, such as those of another operator. */
    public OwnedCaches<P> watch(String apiVersion, String kind) {
        return watch(apiVersion, kind, (now, before) -> true);
    }

    /** The same; a change wakes the owner only if the filter accepts it. */
    public OwnedCaches<P> watch(String apiVersion, String kind, OnUpdateFilter<GenericKubernetesResource> filter) {
        return register(GenericKubernetesResource.class, kind, unmodelled(apiVersion, kind), filter);
    }

    private Supplier<InformerEventSourceConfiguration.Builder<GenericKubernetesResource>> unmodelled(
            String apiVersion, String kind) {
        return () -> InformerEventSourceConfiguration.from(
                new GroupVersionKind(apiVersion, kind), context.getPrimaryResourceClass());
    }

    /**
     * Watches the nodes that take no new pods; one that begins or ceases to be so wakes the owners of the pods on it. All
     * other nodes never enter the process.
     */
    public OwnedCaches<P> watchCordonedNodes() {
        String kind = HasMetadata.getKind(Node.class);
        context.getClient().getKubernetesSerialization().registerKubernetesResource(Node.class);
        var configuration = InformerEventSourceConfiguration.from(Node.class, context.getPrimaryResourceClass())
                .withName(kind)
                .withWatchAllNamespaces()
                .withFieldSelector(new FieldSelector(new FieldSelector.Field("spec.unschedulable", "true")))
                .withSecondaryToPrimaryMapper(
                        node -> disturb(ownersOn(node.getMetadata().getName())))
                .withOnUpdateFilter((now, before) -> false)
                .build();
        sources.put(kind, new InformerEventSource<>(configuration, context));
        return this;
    }

    private Set<ResourceID> ownersOn(String node) {
        return names.all(HasMetadata.getKind(Pod.class))
                .flatMap(name -> Optional.ofNullable(sources.get(name)).stream())
                .flatMap(pods ->
                        pods.list(pod -> node.equals(((Pod) pod).getSpec().getNodeName())))
                .flatMap(pod -> ownerOf(pod).stream())
                .collect(Collectors.toSet());
    }

    @Override
    public Set<String> cordoned(Collection<String> nodes) {
        InformerEventSource<? extends HasMetadata, P> cordoned = sources.get(HasMetadata.getKind(Node.class));
        return cordoned == null
                ? Set.of()
                : nodes.stream()
                        .filter(node -> cordoned.get(new ResourceID(node)).isPresent())
                        .collect(Collectors.toSet());
    }

    /**
     * Watches objects of a kind that has come to be served since the controller started. Returns when all there are have
     * been read, or when that takes too long: then it is retried. Asking again changes nothing.
     *
     * @param running the controller's
     */
    public void watchFromNow(EventSourceRetriever<P> running, String apiVersion, String kind) {
        watchFromNow(running, apiVersion, kind, (now, before) -> true);
    }

    /** The same; a change wakes the owner only if the filter accepts it. */
    public void watchFromNow(
            EventSourceRetriever<P> running,
            String apiVersion,
            String kind,
            OnUpdateFilter<GenericKubernetesResource> filter) {
        synchronized (sources) {
            names.all(kind).filter(name -> !sources.containsKey(name)).forEach(name -> {
                InformerEventSource<GenericKubernetesResource, P> source =
                        source(GenericKubernetesResource.class, name, unmodelled(apiVersion, kind), filter);
                try {
                    running.dynamicallyRegisterEventSource(source);
                } catch (RuntimeException e) {
                    // Otherwise it stays known under its name, and a start of it never succeeds again.
                    running.dynamicallyDeRegisterEventSource(name);
                    throw e;
                }
                sources.put(name, source);
            });
        }
    }

    private <R extends HasMetadata> OwnedCaches<P> register(
            Class<R> type,
            String kind,
            Supplier<InformerEventSourceConfiguration.Builder<R>> configuration,
            OnUpdateFilter<R> filter) {
        names.all(kind).forEach(name -> sources.put(name, source(type, name, configuration, filter)));
        return this;
    }

    private <R extends HasMetadata> InformerEventSource<R, P> source(
            Class<R> type,
            String name,
            Supplier<InformerEventSourceConfiguration.Builder<R>> configurations,
            OnUpdateFilter<R> filter) {
        var configuration = configurations
                .get()
                .withName(name)
                .withLabelSelector(selector)
                .withInformerListLimit(PAGE)
                .withSecondaryToPrimaryMapper(this::ownerOf)
                .withOnAddFilter(this::disturb)
                .withOnUpdateFilter((now, before) -> filter.accept(now, before) && disturb(now))
                .withOnDeleteFilter((object, unknown) -> disturb(object))
                .withItemStore(
                        CachePruner.busy(type)
                                ? new TransformingItemStore<>(CachePruner::keep)
                                : packedStore(type, name));
        SourceNames.namespace(name).ifPresent(namespace -> configuration.withNamespaces(Set.of(namespace)));
        return new InformerEventSource<>(configuration.build(), context);
    }

    private <R extends HasMetadata> CompressedStore<R> packedStore(Class<R> type, String name) {
        var pattern = patterns.computeIfAbsent(SourceNames.kind(name), kind -> new AtomicReference<>());
        var store = new CompressedStore<>(type, context.getClient().getKubernetesSerialization(), pattern);
        packed.put(name, store);
        return store;
    }

    /** Always true: whatever changes wakes the owner. */
    private boolean disturb(HasMetadata object) {
        disturb(ownerOf(object));
        return true;
    }

    private Set<ResourceID> disturb(Set<ResourceID> owners) {
        owners.forEach(disturbed);
        return owners;
    }

    private Set<ResourceID> ownerOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String owner = labels == null ? null : labels.get(ownerLabel);
        return owner == null
                ? Set.of()
                : Set.of(new ResourceID(owner, object.getMetadata().getNamespace()));
    }

    private String nameOf(HasMetadata object) {
        return names.of(object.getKind(), object.getMetadata().getNamespace());
    }

    /** The event sources to register with the controller. */
    public List<EventSource<?, P>> eventSources() {
        return new ArrayList<>(sources.values());
    }

    /**
     * The same objects, of those that are kept as they were decoded alone: pods and Patroni's records, which is also all that may
     * change without waking the owner. Reading these is cheap.
     */
    public Lookup<P> unpacked() {
        return new UncompressedView<>(this);
    }

    @Override
    public boolean watches(String kind) {
        return names.all(kind).allMatch(sources::containsKey);
    }

    @Override
    public <R extends HasMetadata> List<R> list(Class<R> type, P owner) {
        return list(HasMetadata.getKind(type), owner).stream().map(type::cast).toList();
    }

    private List<? extends HasMetadata> list(String kind, P owner) {
        InformerEventSource<? extends HasMetadata, P> source =
                sources.get(names.of(kind, owner.getMetadata().getNamespace()));
        return source == null
                ? List.of()
                : source.getSecondaryResources(owner).stream()
                        .sorted(Comparator.comparing(
                                object -> object.getMetadata().getName()))
                        .toList();
    }

    @Override
    public <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name) {
        return get(HasMetadata.getKind(type), namespace, name).map(type::cast);
    }

    @Override
    public Optional<GenericKubernetesResource> generic(String kind, String namespace, String name) {
        return get(kind, namespace, name).map(GenericKubernetesResource.class::cast);
    }

    /** The object as last seen, or as last written by us when that is newer. */
    public Optional<? extends HasMetadata> get(String kind, String namespace, String name) {
        InformerEventSource<? extends HasMetadata, P> source = sources.get(names.of(kind, namespace));
        return source == null ? Optional.empty() : source.get(new ResourceID(name, namespace));
    }

    /** Notes that an object that was just read matches the desired one. */
    public void noteMatch(HasMetadata current, String fingerprint) {
        CompressedStore<?> store = packed.get(nameOf(current));
        if (store != null) {
            store.noteMatch(
                    Cache.metaNamespaceKeyFunc(current), current.getMetadata().getResourceVersion(), fingerprint);
        }
    }

    /** Whether the object of this name has been found to match the desired one since it changed last. */
    public boolean matched(HasMetadata desired, String fingerprint) {
        CompressedStore<?> store = packed.get(nameOf(desired));
        return store != null && store.matched(Cache.metaNamespaceKeyFunc(desired), fingerprint);
    }

    /** Remembers the answer to a write until the watch has caught up with it. */
    @SuppressWarnings("unchecked") // the source of a kind holds objects of that kind
    public void wrote(HasMetadata answer) {
        CompressedStore<?> store = packed.get(nameOf(answer));
        if (store != null) {
            store.forgetMatch(Cache.metaNamespaceKeyFunc(answer));
        }
        InformerEventSource<? extends HasMetadata, P> source = sources.get(nameOf(answer));
        if (source != null) {
            remember((InformerEventSource<HasMetadata, P>) source, answer);
        }
    }

    /** What the watch has told already would be kept beside the cache until the object changes again, if it ever does. */
    private void remember(InformerEventSource<HasMetadata, P> source, HasMetadata answer) {
        ResourceID id = ResourceID.fromResource(answer);
        if (!sameVersion(source.get(id), answer)) {
            source.handleRecentResourceCreate(id, answer);
        }
    }

    /** Whether what is known of an object is this version of it. */
    public static boolean sameVersion(Optional<? extends HasMetadata> known, HasMetadata answer) {
        return known.map(object -> object.getMetadata().getResourceVersion())
                .filter(version -> version.equals(answer.getMetadata().getResourceVersion()))
                .isPresent();
    }
}

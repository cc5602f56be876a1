package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the operator knows of the objects that belong to the resources of one kind: one informer for each type of object,
 * limited to the objects that carry our {@code managed-by} label, so that the thousands of unrelated Secrets and Pods of
 * a Kubernetes cluster never enter the process. Objects are mapped to their resource by one label.
 *
 * @param <P> the kind of the custom resource
 */
public final class OwnedCaches<P extends HasMetadata> {

    /** Objects in one answer to a list: the whole of a large cluster at once would need its memory twice. */
    private static final long PAGE = 250;

    private final EventSourceContext<P> context;
    private final String selector;
    private final String ownerLabel;
    private final Map<String, InformerEventSource<? extends HasMetadata, P>> sources = new ConcurrentHashMap<>();

    /**
     * @param context the context of the controller whose resources own the objects
     * @param selector label selector of the objects of interest, in the syntax of the API
     * @param ownerLabel key of the label whose value is the name of the owning resource in the same namespace
     */
    public OwnedCaches(EventSourceContext<P> context, String selector, String ownerLabel) {
        this.context = context;
        this.selector = selector;
        this.ownerLabel = ownerLabel;
    }

    /** Watches objects of a type of the client's model; every change wakes the owner. */
    public <R extends HasMetadata> OwnedCaches<P> watch(Class<R> type) {
        return watch(type, (now, before) -> true);
    }

    /** Watches objects of a type; a change wakes the owner only if the filter accepts it. */
    public <R extends HasMetadata> OwnedCaches<P> watch(Class<R> type, OnUpdateFilter<R> filter) {
        return register(
                HasMetadata.getKind(type),
                InformerEventSourceConfiguration.from(type, context.getPrimaryResourceClass()),
                filter);
    }

    /** Watches objects of a kind that the client has no model of, such as those of another operator. */
    public OwnedCaches<P> watch(String apiVersion, String kind) {
        return register(
                kind,
                InformerEventSourceConfiguration.from(gvk(apiVersion, kind), context.getPrimaryResourceClass()),
                (now, before) -> true);
    }

    /**
     * Watches objects of a kind that has come to be served since the controller started. Returns when all there are have
     * been read. Asking again changes nothing.
     *
     * @param running the controller's
     */
    public void watchFromNow(EventSourceRetriever<P> running, String apiVersion, String kind) {
        synchronized (sources) {
            if (!sources.containsKey(kind)) {
                InformerEventSource<GenericKubernetesResource, P> source = source(
                        kind,
                        InformerEventSourceConfiguration.from(gvk(apiVersion, kind), context.getPrimaryResourceClass()),
                        (now, before) -> true);
                running.dynamicallyRegisterEventSource(source);
                sources.put(kind, source);
            }
        }
    }

    private <R extends HasMetadata> OwnedCaches<P> register(
            String kind, InformerEventSourceConfiguration.Builder<R> configuration, OnUpdateFilter<R> filter) {
        sources.put(kind, source(kind, configuration, filter));
        return this;
    }

    private <R extends HasMetadata> InformerEventSource<R, P> source(
            String kind, InformerEventSourceConfiguration.Builder<R> configuration, OnUpdateFilter<R> filter) {
        configuration
                .withName(kind)
                .withLabelSelector(selector)
                .withInformerListLimit(PAGE)
                .withSecondaryToPrimaryMapper(this::ownerOf)
                .withOnUpdateFilter(filter);
        // With several namespaces there is one informer for each, and a store of ours would be shared by all of them.
        if (context.getControllerConfiguration().getEffectiveNamespaces().size() == 1) {
            configuration.withItemStore(new TransformingItemStore<>(Lean::keep));
        }
        return new InformerEventSource<>(configuration.build(), context);
    }

    private Set<ResourceID> ownerOf(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        String owner = labels == null ? null : labels.get(ownerLabel);
        return owner == null
                ? Set.of()
                : Set.of(new ResourceID(owner, object.getMetadata().getNamespace()));
    }

    private static GroupVersionKind gvk(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new GroupVersionKind("", apiVersion, kind)
                : new GroupVersionKind(apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    /** The event sources to register with the controller. */
    public List<EventSource<?, P>> eventSources() {
        return new ArrayList<>(sources.values());
    }

    /** Whether objects of this kind are watched; false for an API that the cluster did not serve at the start. */
    public boolean watches(String kind) {
        return sources.containsKey(kind);
    }

    /** All known objects of one type that belong to the resource, by name. */
    public <R extends HasMetadata> List<R> list(Class<R> type, P owner) {
        return list(HasMetadata.getKind(type), owner).stream().map(type::cast).toList();
    }

    private List<? extends HasMetadata> list(String kind, P owner) {
        InformerEventSource<? extends HasMetadata, P> source = sources.get(kind);
        return source == null
                ? List.of()
                : source.getSecondaryResources(owner).stream()
                        .sorted(Comparator.comparing(
                                object -> object.getMetadata().getName()))
                        .toList();
    }

    /** One object of a type of the client's model. */
    public <R extends HasMetadata> Optional<R> get(Class<R> type, String namespace, String name) {
        return get(HasMetadata.getKind(type), namespace, name).map(type::cast);
    }

    /** One object of a kind that the client has no model of. */
    public Optional<GenericKubernetesResource> generic(String kind, String namespace, String name) {
        return get(kind, namespace, name).map(GenericKubernetesResource.class::cast);
    }

    /** The object as last seen, or as last written by us when that is newer. */
    Optional<? extends HasMetadata> get(String kind, String namespace, String name) {
        InformerEventSource<? extends HasMetadata, P> source = sources.get(kind);
        return source == null ? Optional.empty() : source.get(new ResourceID(name, namespace));
    }

    /** Remembers the answer to a write until the watch has caught up with it. */
    @SuppressWarnings("unchecked") // the source of a kind holds objects of that kind
    void wrote(HasMetadata answer) {
        InformerEventSource<? extends HasMetadata, P> source = sources.get(answer.getKind());
        if (source != null) {
            ((InformerEventSource<HasMetadata, P>) source)
                    .handleRecentResourceCreate(ResourceID.fromResource(answer), answer);
        }
    }
}

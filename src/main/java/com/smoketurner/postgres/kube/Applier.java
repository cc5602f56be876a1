package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.ApiGroup;
import com.smoketurner.postgres.naming.Fingerprint;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Brings the objects of one custom resource to their desired state by server-side apply, and sends nothing for an object
 * that is there already. One instance serves one reconciliation.
 *
 * <p>Writes go to the client directly and their answers are put into the informers' caches, so that the next
 * reconciliation sees them even when it runs before the watch event (docs/adr/0003).
 */
public final class Applier {

    /**
     * A version that no object has. An apply that carries it creates the object if there is none and is refused
     * otherwise: a create without a read before it, and with the field ownership of an apply.
     */
    private static final String ONLY_IF_ABSENT = "1";

    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final Context<?> context;
    private final OwnedCaches<?> caches;
    private final String owner;
    private int writes;
    private boolean namespaceChecked;

    /**
     * @param owner UID of the custom resource; an object whose controller is another one is never touched
     */
    public Applier(Context<?> context, OwnedCaches<?> caches, String owner) {
        this.context = context;
        this.caches = caches;
        this.owner = owner;
    }

    /** How many objects this instance has created, changed or deleted. */
    public int writes() {
        return writes;
    }

    /**
     * Applies the object unless it already is as desired. What was found so once is not compared again until one of the two
     * changes: most reconciliations find nothing changed.
     *
     * @throws ResourceConflict if an object of that name exists that the custom resource does not control
     * @throws NamespaceTerminating if it is missing and the namespace is being deleted
     */
    public <T extends HasMetadata> void ensure(T desired) {
        String fingerprint =
                Fingerprint.of(client().getKubernetesSerialization().asJson(desired));
        if (caches.matched(desired, fingerprint)) {
            return;
        }
        String namespace = desired.getMetadata().getNamespace();
        String name = desired.getMetadata().getName();
        @SuppressWarnings("unchecked") // caches are kept by kind
        Optional<T> current = (Optional<T>) caches.get(desired.getKind(), namespace, name);
        if (current.isEmpty()) {
            create(desired);
            return;
        }
        requireOurs(current.get());
        if (matches(current.get(), desired)) {
            caches.noteMatch(current.get(), fingerprint);
        } else {
            apply(desired);
        }
    }

    /**
     * Applies an object that follows from what people have written into it, and takes over one that they made before the
     * cluster. What they have written since is not overwritten: its watch event comes, and the object is computed again.
     *
     * @param read the object that it was computed from
     * @throws ResourceConflict if another controller owns the object
     */
    public <T extends HasMetadata> void ensureFollows(T desired, T read) {
        if (controller(read).isPresent()) {
            requireOurs(read);
        }
        String fingerprint =
                Fingerprint.of(client().getKubernetesSerialization().asJson(desired));
        if (caches.matched(desired, fingerprint)) {
            return;
        }
        if (matches(read, desired)) {
            caches.noteMatch(read, fingerprint);
            return;
        }
        desired.getMetadata().setResourceVersion(read.getMetadata().getResourceVersion());
        try {
            apply(desired);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        } finally {
            desired.getMetadata().setResourceVersion(null);
        }
    }

    /** The object as last seen or written, without a request. */
    public <T extends HasMetadata> Optional<T> known(Class<T> type, String namespace, String name) {
        return caches.get(type, namespace, name);
    }

    /** Whether there was an object of that name when last seen or written, without a request. */
    public boolean knows(String kind, String namespace, String name) {
        return caches.get(kind, namespace, name).isPresent();
    }

    /** The object as last seen or written; asked of the API server only where the watch has not shown it. */
    public <T extends HasMetadata> Optional<T> find(Class<T> type, String namespace, String name) {
        return known(type, namespace, name).or(() -> live(type, namespace, name));
    }

    /** Whether objects of an optional kind are watched, and can be made. */
    public boolean watches(String kind) {
        return caches.watches(kind);
    }

    /** The object as the API server has it now, by a request. For what must not be decided from a stale cache. */
    public <T extends HasMetadata> Optional<T> live(Class<T> type, String namespace, String name) {
        return Optional.ofNullable(
                client().resources(type).inNamespace(namespace).withName(name).get());
    }

    /** A Certificate of cert-manager as last seen or written, without a request. */
    Optional<GenericKubernetesResource> knownCertificate(String namespace, String name) {
        return caches.get(CertManager.CERTIFICATE, namespace, name)
                .filter(GenericKubernetesResource.class::isInstance)
                .map(GenericKubernetesResource.class::cast);
    }

    /** Changes the status of an object of ours that another controller looks after. */
    void changeStatus(GenericKubernetesResource object, Map<String, ?> patch) {
        var metadata = object.getMetadata();
        String body = client().getKubernetesSerialization().asJson(patch);
        change(
                object.getKind(),
                metadata.getNamespace(),
                metadata.getName(),
                client -> client.genericKubernetesResources(object.getApiVersion(), object.getKind())
                        .inNamespace(metadata.getNamespace())
                        .withName(metadata.getName())
                        .subresource("status")
                        .patch(MERGE, body));
    }

    /** Deletes the object if it exists and is ours. */
    public void ensureAbsent(Class<? extends HasMetadata> type, String namespace, String name) {
        caches.get(HasMetadata.getKind(type), namespace, name)
                .filter(this::ours)
                .ifPresent(this::delete);
    }

    /** Deletes an object of a kind that the client has no model of, if it exists and is ours. */
    public void ensureAbsent(String kind, String namespace, String name) {
        caches.get(kind, namespace, name).filter(this::ours).ifPresent(this::delete);
    }

    /**
     * Takes a finalizer off an object of ours whose own controller does not. One that has changed since it was seen is looked at
     * again first.
     *
     * @return whether it was taken off
     */
    boolean dropFinalizer(GenericKubernetesResource object, String finalizer) {
        if (!ours(object)) {
            return false;
        }
        var metadata = object.getMetadata();
        var rest = metadata.getFinalizers().stream()
                .filter(other -> !other.equals(finalizer))
                .toList();
        String body = client().getKubernetesSerialization()
                .asJson(Map.of(
                        "metadata", Map.of("resourceVersion", metadata.getResourceVersion(), "finalizers", rest)));
        try {
            // The answer is of an object that is gone: it does not belong into the cache.
            client().genericKubernetesResources(object.getApiVersion(), object.getKind())
                    .inNamespace(metadata.getNamespace())
                    .withName(metadata.getName())
                    .patch(PatchContext.of(PatchType.JSON_MERGE), body);
            writes++;
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private void delete(HasMetadata object) {
        if (object.getMetadata().getDeletionTimestamp() == null) {
            client().resource(object).delete();
            writes++;
        }
    }

    /**
     * Changes an object by a request, and remembers what the object is then. A reconciliation before the
     * watch event does not request the change again. Where the object stays as it was, because admission reverts
     * the request, nothing was written, and no further reconciliation is needed.
     *
     * @return the object as it is then
     */
    public <T extends HasMetadata> T change(
            Class<T> type, String namespace, String name, Function<KubernetesClient, T> request) {
        return change(HasMetadata.getKind(type), namespace, name, request);
    }

    private <T extends HasMetadata> T change(
            String kind, String namespace, String name, Function<KubernetesClient, T> request) {
        // Read before the request: the watch may tell of the change before the answer is here.
        Optional<? extends HasMetadata> before = caches.get(kind, namespace, name);
        T answer = request.apply(client());
        if (!OwnedCaches.sameVersion(before, answer)) {
            writes++;
        }
        caches.wrote(answer);
        return answer;
    }

    private <T extends HasMetadata> T create(T desired) {
        requireNamespace(desired.getMetadata().getNamespace());
        desired.getMetadata().setResourceVersion(ONLY_IF_ABSENT);
        try {
            return apply(desired);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        } finally {
            desired.getMetadata().setResourceVersion(null);
        }
        // It exists, but not in our cache: somebody else's, or ours with its labels taken off.
        T live = client().resource(desired).get();
        if (live == null) {
            return apply(desired);
        }
        requireOurs(live);
        return apply(desired);
    }

    /** Asked once in a reconciliation that makes something: the children of a doomed namespace go before the cluster does. */
    private void requireNamespace(String name) {
        if (!namespaceChecked) {
            if (!Namespaces.active(client(), name)) {
                throw new NamespaceTerminating(name);
            }
            namespaceChecked = true;
        }
    }

    private <T extends HasMetadata> T apply(T desired) {
        return change(
                desired.getKind(),
                desired.getMetadata().getNamespace(),
                desired.getMetadata().getName(),
                client -> client.resource(desired)
                        .fieldManager(ApiGroup.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    private boolean matches(HasMetadata current, HasMetadata desired) {
        return SSABasedGenericKubernetesResourceMatcher.getInstance().matches(current, desired, context);
    }

    private void requireOurs(HasMetadata object) {
        if (!ours(object)) {
            throw new ResourceConflict(object);
        }
    }

    private boolean ours(HasMetadata object) {
        return controller(object)
                .map(OwnerReference::getUid)
                .filter(owner::equals)
                .isPresent();
    }

    private static Optional<OwnerReference> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(reference -> Boolean.TRUE.equals(reference.getController()))
                .findFirst();
    }

    private KubernetesClient client() {
        return context.getClient();
    }
}

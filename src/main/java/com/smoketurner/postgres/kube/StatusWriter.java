package com.smoketurner.postgres.kube;

import com.smoketurner.postgres.kube.cache.OwnedCaches;
import com.smoketurner.postgres.naming.ApiGroup;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ControllerEventSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the status of custom resources of one kind, and only when it differs from what is there.
 *
 * @param <S> the status
 * @param <P> the kind
 */
public final class StatusWriter<S, P extends CustomResource<?, S>> {

    private final Supplier<P> kind;

    /**
     * @param kind makes an empty resource of the kind
     */
    public StatusWriter(Supplier<P> kind) {
        this.kind = kind;
    }

    /**
     * Makes the status of a resource the given one by server-side apply of the whole of it: what it leaves out is removed.
     *
     * @return whether a request was sent
     */
    public boolean write(Context<P> context, P resource, @Nullable S status) {
        if (Objects.equals(resource.getStatus(), status)) {
            return false;
        }
        P intent = kind.get();
        intent.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                // An apply without it would create the resource again, had a user just deleted it.
                .withUid(resource.getMetadata().getUid())
                .build());
        intent.setStatus(status);
        P answer = context.getClient()
                .resource(intent)
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(ApiGroup.FIELD_MANAGER)
                        .withForce(true)
                        .build());
        // The next reconciliation computes from what was just written, also when the watch is behind.
        ControllerEventSource<P> source = context.eventSourceRetriever().getControllerEventSource();
        ResourceID id = ResourceID.fromResource(answer);
        if (!OwnedCaches.sameVersion(source.get(id), answer)) {
            source.handleRecentResourceUpdate(id, answer, resource);
        }
        return true;
    }
}

package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the events of single objects. There are too many in a cluster to watch them all. */
@Singleton
public final class ObjectEvents {

    private final KubernetesClient client;

    ObjectEvents(KubernetesClient client) {
        this.client = client;
    }

    /** The events of the object with this UID; none where they cannot be read, for nothing may depend on events. */
    public List<ObjectEvent> of(String namespace, String uid) {
        try {
            return client
                    .events()
                    .v1()
                    .events()
                    .inNamespace(namespace)
                    .withField("regarding.uid", uid)
                    .list()
                    .getItems()
                    .stream()
                    .map(ObjectEvents::read)
                    .toList();
        } catch (KubernetesClientException e) {
            Log.warnf("the events of the object %s in %s cannot be read: %s", uid, namespace, e.getMessage());
            return List.of();
        }
    }

    private static ObjectEvent read(Event event) {
        return new ObjectEvent(
                "Warning".equals(event.getType()),
                Objects.requireNonNullElse(event.getReason(), ""),
                Objects.requireNonNullElse(event.getNote(), ""),
                last(event));
    }

    /** Controllers of Kubernetes write the older fields, others the newer ones. */
    private static Instant last(Event event) {
        var series = event.getSeries();
        return Stream.of(
                        series == null || series.getLastObservedTime() == null
                                ? null
                                : series.getLastObservedTime().getTime(),
                        event.getDeprecatedLastTimestamp(),
                        event.getEventTime() == null
                                ? null
                                : event.getEventTime().getTime(),
                        event.getMetadata().getCreationTimestamp())
                .filter(Objects::nonNull)
                .map(Instant::parse)
                .findFirst()
                .orElse(Instant.EPOCH);
    }
}

package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The API of KEDA: whether it is there, and what its objects say. Clusters are managed without it. */
@Singleton
public final class Keda {

    public static final String API_VERSION = "keda.sh/v1alpha1";
    public static final String SCALED_OBJECT = "ScaledObject";
    public static final String TRIGGER_AUTHENTICATION = "TriggerAuthentication";

    /** What KEDA puts on its objects, and takes off when it has let go of what belongs to them. */
    public static final String FINALIZER = "finalizer.keda.sh";

    private static final String METRICS_VERSION = "metrics.k8s.io/v1beta1";
    private static final String POD_METRICS = "PodMetrics";

    /** Between two questions for what is not there. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    /** A KEDA that runs lets go within seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final KubernetesClient client;
    private Instant asked = Instant.EPOCH;
    private Instant metricsAsked = Instant.EPOCH;
    private boolean metrics;

    public Keda(KubernetesClient client) {
        this.client = client;
    }

    /** Whether the API server serves ScaledObjects. Asks it. */
    public boolean served() {
        return client.supports(API_VERSION, SCALED_OBJECT);
    }

    /** The same, but it is not asked again and again while it is not. */
    public synchronized boolean served(Instant now) {
        if (now.isBefore(asked.plus(AGAIN))) {
            return false;
        }
        asked = now;
        return served();
    }

    /** Whether somebody measures the CPU that pods use. Asked now and then. */
    public synchronized boolean metricsServed(Instant now) {
        if (!now.isBefore(metricsAsked.plus(AGAIN))) {
            metrics = client.supports(METRICS_VERSION, POD_METRICS);
            metricsAsked = now;
        }
        return metrics;
    }

    /** Whether a change of an object is one to act on: KEDA writes the time of its last measurement into it all the time. */
    public static boolean news(GenericKubernetesResource now, GenericKubernetesResource before) {
        return !worthKnowing(now).equals(worthKnowing(before));
    }

    private static List<Object> worthKnowing(GenericKubernetesResource object) {
        var metadata = object.getMetadata();
        return List.of(
                Objects.requireNonNullElse(metadata.getGeneration(), 0L),
                Objects.requireNonNullElse(metadata.getDeletionTimestamp(), ""),
                Objects.requireNonNullElse(metadata.getLabels(), Map.of()),
                Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()),
                metadata.getOwnerReferences(),
                metadata.getFinalizers(),
                failure(object).orElse(""));
    }

    /** Why KEDA does not scale by an object, in its own words; nothing while it does, or before it has said anything. */
    public static Optional<String> failure(GenericKubernetesResource scaledObject) {
        return ready(scaledObject)
                .filter(condition -> "False".equals(condition.get("status")))
                .map(condition -> String.valueOf(Objects.requireNonNullElse(condition.get("message"), "")));
    }

    /** Whether KEDA has said anything of an object. */
    public static boolean answered(GenericKubernetesResource scaledObject) {
        return ready(scaledObject).isPresent();
    }

    private static Optional<Map<?, ?>> ready(GenericKubernetesResource scaledObject) {
        return scaledObject.get("status", "conditions") instanceof List<?> conditions
                ? conditions.stream()
                        .filter(Map.class::isInstance)
                        .<Map<?, ?>>map(condition -> (Map<?, ?>) condition)
                        .filter(condition -> "Ready".equals(condition.get("type")))
                        .findFirst()
                : Optional.empty();
    }

    /** What is said of an object whose finalizer was taken off here. */
    public static String abandoned(GenericKubernetesResource object) {
        return "KEDA did not release %s %s within %d s: its finalizer was removed"
                .formatted(object.getKind(), object.getMetadata().getName(), PATIENCE.toSeconds());
    }

    /**
     * Deletes an object. Where no KEDA runs any more nobody takes its finalizer off, and the object would keep its cluster and
     * its namespace from going: then that is done here.
     *
     * @return whether the finalizer was taken off
     */
    public static boolean remove(Applier applier, GenericKubernetesResource object, Instant now) {
        var metadata = object.getMetadata();
        if (metadata.getDeletionTimestamp() == null) {
            applier.ensureAbsent(object.getKind(), metadata.getNamespace(), metadata.getName());
            return false;
        }
        boolean abandoned = metadata.getFinalizers().contains(FINALIZER)
                && now.isAfter(Instant.parse(metadata.getDeletionTimestamp()).plus(PATIENCE));
        return abandoned && applier.dropFinalizer(object, FINALIZER);
    }
}

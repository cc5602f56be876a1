package com.smoketurner.postgres.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;

/** The API of the Prometheus operator: whether it is there. Clusters are managed without it. */
@Singleton
public final class PrometheusOperator {

    public static final String API_VERSION = "monitoring.coreos.com/v1";
    public static final String POD_MONITOR = "PodMonitor";

    /** Between two questions while it is not there. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private Instant asked = Instant.EPOCH;

    public PrometheusOperator(KubernetesClient client) {
        this.client = client;
    }

    /** Whether the API server serves PodMonitors. Asks it, but not again and again. */
    public synchronized boolean served(Instant now) {
        if (now.isBefore(asked.plus(AGAIN))) {
            return false;
        }
        asked = now;
        return client.supports(API_VERSION, POD_MONITOR);
    }
}

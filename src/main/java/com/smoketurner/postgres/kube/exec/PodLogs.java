package com.smoketurner.postgres.kube.exec;

import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.Objects;

/** Logs of containers. */
@Singleton
public final class PodLogs {

    private final KubernetesClient client;

    PodLogs(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The last lines of a container that runs.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if they cannot be read
     */
    public String tail(String namespace, String pod, String container, int lines) {
        String log = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(container)
                .tailingLines(lines)
                .getLog();
        return Objects.requireNonNullElse(log, "");
    }
}

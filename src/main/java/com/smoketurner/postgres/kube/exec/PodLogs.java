package com.smoketurner.postgres.kube.exec;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ContainerResource;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Logs of containers. Each method throws a {@code KubernetesClientException} if the log cannot be read. */
@Singleton
public final class PodLogs {

    private final KubernetesClient client;

    PodLogs(KubernetesClient client) {
        this.client = client;
    }

    /** The last lines of a running container. */
    public String tail(String namespace, String pod, String container, int lines) {
        return text(of(namespace, pod, container).tailingLines(lines).getLog());
    }

    /** The last lines of a running container, without those that are older. */
    public String recent(String namespace, String pod, String container, Duration age, int lines) {
        return text(of(namespace, pod, container)
                .sinceSeconds(Math.toIntExact(age.toSeconds()))
                .tailingLines(lines)
                .getLog());
    }

    /** The last lines that a container wrote before it was restarted. */
    public String previous(String namespace, String pod, String container, int lines) {
        return text(
                of(namespace, pod, container).terminated().tailingLines(lines).getLog());
    }

    private ContainerResource of(String namespace, String pod, String container) {
        return client.pods().inNamespace(namespace).withName(pod).inContainer(container);
    }

    private static String text(@Nullable String log) {
        return Objects.requireNonNullElse(log, "");
    }
}

package com.smoketurner.postgres.testing.user;

import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Patience;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@code kubectl exec} does, without a process for each of a thousand commands. */
final class Exec {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    /** As kubectl ends when there is no such pod or the connection is lost. */
    private static final int NOT_RUN = 1;

    private Exec() {}

    static Command.Result run(KubernetesClient client, String namespace, String pod, String container, String... argv) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        try (ExecWatch watch = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(container)
                .writingOutput(out)
                .writingError(err)
                .exec(argv)) {
            Integer code = watch.exitCode().get(Patience.of(LIMIT).toMillis(), TimeUnit.MILLISECONDS);
            return result(pod, argv, Objects.requireNonNullElse(code, NOT_RUN), text(out), text(err));
        } catch (ExecutionException | TimeoutException | KubernetesClientException e) {
            return result(pod, argv, NOT_RUN, text(out), text(err) + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Command.Result result(String pod, String[] argv, int exit, String out, String err) {
        return new Command.Result(List.of("in " + pod + ": " + String.join(" ", argv)), exit, out, err);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

package com.smoketurner.postgres.kube.exec;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs a program in a container through the API server, for what has no API of its own. Always an argument vector, never
 * a shell line: no value of a custom resource can become a command.
 */
public final class PodExec {

    private final KubernetesClient client;

    public PodExec(KubernetesClient client) {
        this.client = client;
    }

    /**
     * What a program left behind.
     *
     * @param exitCode its exit code
     * @param output the first part of its standard output, 64 KiB unless more was allowed
     * @param error the first 64 KiB of its standard error
     */
    public record Result(int exitCode, String output, String error) {
        public boolean succeeded() {
            return exitCode == 0;
        }
    }

    /**
     * Runs a program and waits for its end.
     *
     * @param input what it reads from standard input; it sees no end of file behind it, so a program that reads to the
     *     end has to be told by the input itself
     * @throws ExecFailed if it could not be started or did not end in time
     */
    public Result run(
            String namespace, String pod, String container, String input, Duration timeout, String... command) {
        return run(namespace, pod, container, input, timeout, BoundedOutput.USUAL, command);
    }

    /**
     * As {@link #run(String, String, String, String, Duration, String...)}, with more of the output.
     *
     * @param limit how many bytes of the standard output are kept
     */
    public Result run(
            String namespace,
            String pod,
            String container,
            String input,
            Duration timeout,
            int limit,
            String... command) {
        return run(namespace, pod, container, input, timeout, new BoundedOutput(limit), command);
    }

    /**
     * As {@link #run(String, String, String, String, Duration, String...)} for a program that tells how far it is.
     *
     * @param progress told of each line of the standard output when it comes
     */
    public Result run(
            String namespace,
            String pod,
            String container,
            String input,
            Duration timeout,
            Consumer<String> progress,
            String... command) {
        return run(
                namespace, pod, container, input, timeout, new BoundedOutput(BoundedOutput.USUAL, progress), command);
    }

    private Result run(
            String namespace,
            String pod,
            String container,
            String input,
            Duration timeout,
            BoundedOutput output,
            String... command) {
        var error = new BoundedOutput();
        try (ExecWatch watch = client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .inContainer(container)
                .redirectingInput()
                .writingOutput(output)
                .writingError(error)
                .exec(command)) {
            watch.getInput().write(input.getBytes(StandardCharsets.UTF_8));
            watch.getInput().flush();
            Integer code = watch.exitCode().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return new Result(code == null ? -1 : code, output.text(), error.text());
        } catch (IOException e) {
            throw new ExecFailed("%s in pod %s/%s took no input".formatted(command[0], namespace, pod), e);
        } catch (TimeoutException e) {
            throw new ExecFailed(
                    "%s in pod %s/%s did not end within %s".formatted(command[0], namespace, pod, timeout), e);
        } catch (ExecutionException e) {
            throw new ExecFailed(
                    "%s could not be run in pod %s/%s".formatted(command[0], namespace, pod), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExecFailed("interrupted while running " + command[0], e);
        }
    }
}

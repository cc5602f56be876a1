package com.smoketurner.postgres.cluster.pooler;

import com.smoketurner.postgres.cluster.desired.Scripts;
import com.smoketurner.postgres.kube.exec.InParallel;
import com.smoketurner.postgres.kube.exec.PodExec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The program {@code pooler} in the pods, run in several at the same time. */
@Singleton
final class PoolerProgram {

    /** What it takes to start a program in a pod and to hear of its end. */
    private static final Duration OVERHEAD = Duration.ofSeconds(5);

    private final PodExec exec;

    PoolerProgram(PodExec exec) {
        this.exec = exec;
    }

    /**
     * Runs it in each of these pods and waits for all.
     *
     * @param atMost how long it takes by itself
     * @return what each wrote, or why it could not be run
     */
    Map<String, String> run(String namespace, List<String> pods, Duration atMost, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = Scripts.path(PoolerConfig.CONTROL);
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Duration timeout = atMost.plus(OVERHEAD);
        return InParallel.ask(pods, pod -> answer(namespace, pod, timeout, command));
    }

    private String answer(String namespace, String pod, Duration timeout, String... command) {
        try {
            PodExec.Result result = exec.run(namespace, pod, PoolerDeployment.CONTAINER, "", timeout, command);
            return result.succeeded()
                    ? result.output().strip()
                    : "failed " + result.error().strip();
        } catch (KubernetesClientException e) {
            return "failed " + e.getMessage();
        }
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.PodExec;
import java.time.Duration;

/** Questions to a server, asked by {@code psql} in its own container. */
public final class Psql {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private Psql() {}

    /**
     * Runs one statement as the superuser and prints its rows without decoration.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be started or did not end in time
     */
    public static PodExec.Result query(PodExec exec, String namespace, String pod, String statement) {
        return exec.run(
                namespace,
                pod,
                Member.CONTAINER,
                "",
                TIMEOUT,
                "psql",
                "-XAtq",
                "-U",
                "postgres",
                "-d",
                "postgres",
                "-c",
                statement);
    }
}

package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.OwnSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The operator's own SQL, run by {@code psql} in the container of the server over its local socket. */
public final class Psql {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** psql could not connect, or lost its connection. */
    private static final int NO_CONNECTION = 2;

    private Psql() {}

    /**
     * Runs one statement as the superuser and prints its rows without decoration.
     *
     * @param statement without secrets: it is an argument of the program
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be started or did not end in time
     */
    public static PodExec.Result query(PodExec exec, String namespace, String pod, String statement) {
        return anyhow(exec, namespace, pod, "", "-c", statement);
    }

    /**
     * Runs statements that carry secrets, each as a message of its own: the server decides what it logs of a message before it
     * runs it. Stops at the first that fails.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be started or did not end in time
     */
    public static PodExec.Result secretly(PodExec exec, String namespace, String pod, List<String> statements) {
        // psql sees no end of file here, so it is told when to quit.
        String script = Stream.concat(Stream.of(OwnSession.silence()), statements.stream())
                        .map(statement -> statement + ";\n")
                        .reduce("", String::concat)
                + "\\q\n";
        return anyhow(exec, namespace, pod, script, "-f", "-");
    }

    /**
     * Why a server lets no superuser in, in its own words; nothing when it does, or when it does not answer.
     *
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if psql could not be started or did not end in time
     */
    public static Optional<String> refusal(PodExec exec, String namespace, String pod) {
        PodExec.Result result = run(exec, namespace, pod, OwnSession.connection(), "", "-c", "SELECT 1");
        return result.exitCode() == NO_CONNECTION && result.error().contains("FATAL: ")
                ? Optional.of(OwnSession.words(result.error()))
                : Optional.empty();
    }

    private static PodExec.Result anyhow(PodExec exec, String namespace, String pod, String input, String... what) {
        PodExec.Result result = run(exec, namespace, pod, OwnSession.connection(), input, what);
        if (result.exitCode() != NO_CONNECTION) {
            return result;
        }
        PodExec.Result spare = run(exec, namespace, pod, OwnSession.spareConnection(), input, what);
        return spare.exitCode() == NO_CONNECTION ? result : spare; // The first says what is wrong with the server.
    }

    private static PodExec.Result run(
            PodExec exec, String namespace, String pod, String connection, String input, String... what) {
        // Terse, because an error is otherwise printed with the statement.
        List<String> command = Stream.concat(
                        Stream.of("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-d", connection),
                        Stream.of(what))
                .toList();
        return exec.run(namespace, pod, Member.CONTAINER, input, TIMEOUT, command.toArray(String[]::new));
    }
}

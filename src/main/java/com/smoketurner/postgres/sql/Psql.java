package com.smoketurner.postgres.sql;

import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.OwnSession;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The operator's own SQL, run by {@code psql} in the container of the server over its local socket. */
public final class Psql {

    /** The container of the server. */
    public static final String CONTAINER = "postgres";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** What is written when a script is done. */
    public static final String DONE = "done";

    /** For what the server itself ends after {@link #LONG_STATEMENT}. */
    private static final Duration LONG = Duration.ofSeconds(40);

    private static final String LONG_STATEMENT = "SET statement_timeout = '30s'";

    private static final int USUAL = 64 << 10;

    /** The facts about some thousand objects. */
    private static final int LARGE = 8 << 20;

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
        return anyhow(
                exec,
                namespace,
                pod,
                script(Stream.concat(Stream.of(OwnSession.silence()), statements.stream())),
                "-f",
                "-");
    }

    /**
     * Runs one query in a database, whose answer may be long.
     *
     * @param query its length does not matter, and it is no argument of a program
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be started or did not end in time
     */
    public static PodExec.Result read(PodExec exec, String namespace, String pod, String database, String query) {
        return anyhow(exec, namespace, pod, database, spare -> script(Stream.of(query)), LARGE, TIMEOUT, "-f", "-");
    }

    /**
     * Statements for one database.
     *
     * @param statements each is a message of its own
     */
    public record Script(String database, List<String> statements) {
        /** It may have verifiers of passwords. */
        @Override
        public String toString() {
            return "Script[" + database + "]";
        }
    }

    /**
     * Runs scripts one after the other as {@link #secretly} does, with time for statements that take long. The first that fails is
     * the last.
     *
     * @return with a line {@link #DONE} in its output for each script that was done
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if it could not be started or did not end in time
     */
    public static PodExec.Result change(PodExec exec, String namespace, String pod, List<Script> scripts) {
        String first = scripts.getFirst().database();
        return anyhow(exec, namespace, pod, first, spare -> together(scripts, spare), LARGE, LONG, "-f", "-");
    }

    private static String together(List<Script> scripts, boolean spare) {
        StringBuilder text = new StringBuilder();
        String database = "";
        for (Script script : scripts) {
            if (!script.database().equals(database)) {
                if (!database.isEmpty()) {
                    text.append("\\connect -reuse-previous=off ")
                            .append(argument(connection(script.database(), spare)))
                            .append('\n');
                }
                database = script.database();
                text.append(OwnSession.silence())
                        .append(";\n")
                        .append(LONG_STATEMENT)
                        .append(";\n");
            }
            script.statements().forEach(statement -> text.append(statement).append(";\n"));
            text.append("\\echo ").append(DONE).append('\n');
        }
        return text.append("\\q\n").toString();
    }

    /** An argument of a command of psql. */
    private static String argument(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    private static String connection(String database, boolean spare) {
        return spare ? OwnSession.spareConnection(database) : OwnSession.connection(database);
    }

    /** psql sees no end of file here, so it is told when to quit. */
    private static String script(Stream<String> statements) {
        return statements.map(statement -> statement + ";\n").reduce("", String::concat) + "\\q\n";
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
        return anyhow(exec, namespace, pod, OwnSession.HOME, spare -> input, USUAL, TIMEOUT, what);
    }

    /** Whether psql has not come to the server, as it is when it has written nothing. */
    public static boolean unreached(PodExec.Result result) {
        return result.exitCode() == NO_CONNECTION && result.output().isEmpty();
    }

    /**
     * By a place for replication where all others are taken.
     *
     * @param input by whether that is used
     */
    private static PodExec.Result anyhow(
            PodExec exec,
            String namespace,
            String pod,
            String database,
            Function<Boolean, String> input,
            int limit,
            Duration timeout,
            String... what) {
        PodExec.Result result =
                run(exec, namespace, pod, connection(database, false), input.apply(false), limit, timeout, what);
        if (!unreached(result)) {
            return result;
        }
        PodExec.Result spare =
                run(exec, namespace, pod, connection(database, true), input.apply(true), limit, timeout, what);
        return spare.exitCode() == NO_CONNECTION ? result : spare; // The first says what is wrong with the server.
    }

    private static PodExec.Result run(
            PodExec exec, String namespace, String pod, String connection, String input, String... what) {
        return run(exec, namespace, pod, connection, input, USUAL, TIMEOUT, what);
    }

    private static PodExec.Result run(
            PodExec exec,
            String namespace,
            String pod,
            String connection,
            String input,
            int limit,
            Duration timeout,
            String... what) {
        // Terse, because an error is otherwise printed with the statement.
        List<String> command = Stream.concat(
                        Stream.of("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=terse", "-d", connection),
                        Stream.of(what))
                .toList();
        return exec.run(namespace, pod, CONTAINER, input, timeout, limit, command.toArray(String[]::new));
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.PodExec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the server takes parameters, asked of its own program: {@code postgres -C} reads the given settings as a start
 * would, prints one and ends. Names with a dot belong to extensions and are taken as they are.
 */
@Singleton
public final class ParameterJudge {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String FATAL = "FATAL:";

    private final PodExec exec;

    ParameterJudge(PodExec exec) {
        this.exec = exec;
    }

    /** What is wrong with the first of these parameters that the server does not take. */
    Optional<String> refusal(ClusterRun run, Member member, Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(entry -> entry.getKey().indexOf('.') < 0)
                .flatMap(entry -> refusal(run, member, entry.getKey(), entry.getValue()).stream())
                .findFirst();
    }

    private Optional<String> refusal(ClusterRun run, Member member, String name, String value) {
        PodExec.Result result = exec.run(
                run.namespace(),
                member.name(),
                Member.CONTAINER,
                "",
                TIMEOUT,
                "postgres",
                "-C",
                "max_connections",
                "-c",
                name + "=" + value);
        if (result.succeeded()) {
            return Optional.empty();
        }
        Optional<String> why = result.error()
                .lines()
                .filter(line -> line.contains(FATAL))
                .map(line ->
                        line.substring(line.indexOf(FATAL) + FATAL.length()).strip())
                .findFirst();
        if (why.isEmpty()) {
            throw new KubernetesClientException("the value of %s could not be judged on %s: postgres ended with %d"
                    .formatted(name, member.name(), result.exitCode()));
        }
        return Optional.of("parameter %s: value \"%s\" is not valid (%s)".formatted(name, value, why.get()));
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.PodExec;
import com.smoketurner.postgres.patroni.ParameterLimits;
import com.smoketurner.postgres.postgres.Parameters;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server takes parameters, asked of its own program: {@code postgres -C} reads the given settings as a start
 * would, prints that parameter and ends. Names with a dot belong to extensions and are taken as they are. What the server
 * takes and Patroni would not hand to it is refused as well.
 */
@Singleton
public final class ParameterJudge {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String FATAL = "FATAL:";

    private final PodExec exec;

    public ParameterJudge(PodExec exec) {
        this.exec = exec;
    }

    /**
     * What the server says of a value.
     *
     * @param value it in the server's own unit; absent if it is refused
     * @param refusal what is wrong with it; absent if it comes into force
     */
    public record Verdict(@Nullable String value, @Nullable String refusal) {}

    /** What is wrong with the first of these parameters that the server does not take. */
    Optional<String> refusal(ClusterRun run, Member member, Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(entry -> entry.getKey().indexOf('.') < 0)
                .flatMap(entry ->
                        Stream.ofNullable(judge(run.namespace(), member.name(), entry.getKey(), entry.getValue())
                                .refusal()))
                .findFirst();
    }

    /** Asks the program in that pod. */
    public Verdict judge(String namespace, String pod, String name, String value) {
        PodExec.Result result = exec.run(
                namespace, pod, Member.CONTAINER, "", TIMEOUT, "postgres", "-C", name, "-c", name + "=" + value);
        if (result.succeeded()) {
            String meant = result.output().strip();
            return ParameterLimits.objection(name, value, meant)
                    .map(why -> new Verdict(null, Parameters.refusal(name, value, why)))
                    .orElseGet(() -> new Verdict(meant, null));
        }
        Optional<String> why = result.error()
                .lines()
                .filter(line -> line.contains(FATAL))
                .map(line ->
                        line.substring(line.indexOf(FATAL) + FATAL.length()).strip())
                .findFirst();
        if (why.isEmpty()) {
            throw new KubernetesClientException("the value of %s could not be judged on %s: postgres ended with %d"
                    .formatted(name, pod, result.exitCode()));
        }
        return new Verdict(null, Parameters.refusal(name, value, why.get()));
    }
}

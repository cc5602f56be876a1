package com.smoketurner.postgres.cluster.preview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.smoketurner.postgres.cluster.parameters.ParameterJudge;
import com.smoketurner.postgres.cluster.parameters.ParameterProposal;
import com.smoketurner.postgres.cluster.parameters.ParameterVerdicts;
import com.smoketurner.postgres.cluster.parameters.ServerOverrides;
import com.smoketurner.postgres.cluster.run.ParameterOverride;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.Literals;
import com.smoketurner.postgres.sql.Psql;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a running server says of parameters that are to change. Only asks. */
public final class RunningSettings {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PodExec exec;
    private final ParameterJudge judge;

    public RunningSettings(PodExec exec) {
        this.exec = exec;
        this.judge = new ParameterJudge(exec);
    }

    /**
     * What it says.
     *
     * @param byName the answers by the parameter's name; none for a name that the server does not know
     * @param refusal why the changes cannot be put in force; absent if they can
     */
    public record Answers(Map<String, ParameterChange.Answer> byName, Optional<String> refusal) {
        public static final Answers NONE = new Answers(Map.of(), Optional.empty());

        public Answers {
            byName = Map.copyOf(byName);
        }
    }

    public Answers ask(String namespace, String pod, List<ParameterChange> changes, ParameterProposal proposal) {
        if (changes.isEmpty()) {
            return Answers.NONE;
        }
        Map<String, ParameterChange.Answer> answers = new TreeMap<>();
        JsonNode known = settings(namespace, pod, changes);
        ParameterVerdicts verdicts = judge.judge(namespace, pod, proposal);
        for (ParameterChange change : changes) {
            answer(change, verdicts.byName().get(change.name()), known.get(change.name()))
                    .ifPresent(answer -> answers.put(change.name(), answer));
        }
        return new Answers(answers, verdicts.refusal());
    }

    /**
     * What stands in the way of parameters on the servers themselves.
     *
     * @param pods of the members
     * @param primary the one among them that leads; null if none does
     */
    public List<ParameterOverride> overrides(
            String namespace, List<String> pods, @Nullable String primary, Map<String, String> parameters) {
        var servers = new ServerOverrides(exec);
        List<ParameterOverride> found = new ArrayList<>();
        pods.forEach(pod -> found.addAll(servers.system(namespace, pod, parameters)));
        if (primary != null) {
            found.addAll(servers.sessions(namespace, primary, parameters));
        }
        return found;
    }

    private static Optional<ParameterChange.Answer> answer(
            ParameterChange change, ParameterVerdicts.@Nullable Verdict verdict, @Nullable JsonNode row) {
        if (change.name().indexOf('.') >= 0) {
            return Optional.ofNullable(row)
                    .map(found -> new ParameterChange.Answer(
                            found.path("context").asText(),
                            found.path("setting").asText(),
                            change.to(),
                            null));
        }
        String own = row == null ? null : row.path("boot_val").asText(null);
        return Optional.of(new ParameterChange.Answer(
                row == null ? "user" : row.path("context").asText(),
                row == null ? null : row.path("setting").asText(null),
                verdict == null ? own : verdict.value(),
                verdict == null ? null : verdict.refusal()));
    }

    private JsonNode settings(String namespace, String pod, List<ParameterChange> changes) {
        String names =
                changes.stream().map(ParameterChange::name).map(Literals::quote).collect(Collectors.joining(","));
        PodExec.Result result = Psql.query(
                exec,
                namespace,
                pod,
                "SELECT coalesce(json_object_agg(lower(name), json_build_object('context', context, 'setting', setting,"
                        + " 'boot_val', boot_val)), '{}') FROM pg_settings WHERE lower(name) IN (" + names + ")");
        if (!result.succeeded()) {
            throw new KubernetesClientException("cannot read the settings of the server of %s: %s"
                    .formatted(pod, result.error().strip()));
        }
        try {
            return JSON.readTree(result.output());
        } catch (JsonProcessingException e) {
            throw new KubernetesClientException("cannot parse the settings of the server of %s".formatted(pod), e);
        }
    }
}

package com.smoketurner.postgres.cluster.parameters;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.ParameterOverride;
import com.smoketurner.postgres.kube.exec.ExecFailed;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.patroni.ParameterLimits;
import com.smoketurner.postgres.postgres.ConfigurationFile;
import com.smoketurner.postgres.postgres.Literals;
import com.smoketurner.postgres.postgres.ParameterValues;
import com.smoketurner.postgres.sql.Psql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what stands in the way of parameters on the servers themselves. Only asks. */
public final class ServerOverrides {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PodExec exec;

    public ServerOverrides(PodExec exec) {
        this.exec = exec;
    }

    /**
     * What {@code ALTER SYSTEM} has set on a member instead. Read from its file, so the server need not run.
     *
     * @throws ExecFailed if it cannot be read
     */
    public List<ParameterOverride> system(String namespace, String pod, Map<String, String> parameters) {
        PodExec.Result result = exec.run(
                namespace, pod, Member.CONTAINER, "", TIMEOUT, "sh", "-c", "cat \"$PGDATA/postgresql.auto.conf\"");
        if (!result.succeeded()) {
            throw new ExecFailed(
                    "postgresql.auto.conf of %s could not be read: %s"
                            .formatted(pod, result.error().strip()),
                    null);
        }
        Map<String, String> set = ConfigurationFile.parse(result.output());
        List<ParameterOverride> found = new ArrayList<>();
        parameters.forEach((name, wanted) -> {
            String value = set.get(name);
            if (value != null && !ParameterLimits.onCommandLine(name) && !ParameterValues.same(value, wanted)) {
                found.add(new ParameterOverride(name, wanted, value, pod, null, null));
            }
        });
        return found;
    }

    /**
     * What {@code ALTER ROLE} and {@code ALTER DATABASE} have set for their sessions instead.
     *
     * @throws ExecFailed if the server cannot be asked
     */
    public List<ParameterOverride> sessions(String namespace, String pod, Map<String, String> parameters) {
        String names = parameters.keySet().stream().map(Literals::quote).collect(Collectors.joining(","));
        PodExec.Result result = Psql.query(
                exec,
                namespace,
                pod,
                "SELECT coalesce(json_agg(o), '[]') FROM (SELECT d.datname AS database, r.rolname AS role,"
                        + " lower(split_part(c, '=', 1)) AS name, substr(c, strpos(c, '=') + 1) AS value"
                        + " FROM pg_catalog.pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) AS c"
                        + " LEFT JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase"
                        + " LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole"
                        + " WHERE lower(split_part(c, '=', 1)) IN (" + names + ") ORDER BY 1, 2, 3 LIMIT 50) o");
        if (!result.succeeded()) {
            throw new ExecFailed(
                    "the settings of roles and databases on %s could not be read: %s"
                            .formatted(pod, result.error().strip()),
                    null);
        }
        List<ParameterOverride> found = new ArrayList<>();
        for (JsonNode row : rows(pod, result.output())) {
            String name = row.path("name").asText();
            String wanted = parameters.getOrDefault(name, "");
            String value = row.path("value").asText();
            if (!ParameterValues.same(value, wanted)) {
                found.add(new ParameterOverride(name, wanted, value, pod, text(row, "database"), text(row, "role")));
            }
        }
        return found;
    }

    private static @Nullable String text(JsonNode row, String field) {
        return row.path(field).isTextual() ? row.path(field).asText() : null;
    }

    private static JsonNode rows(String pod, String output) {
        try {
            return JSON.readTree(output);
        } catch (JsonProcessingException e) {
            throw new ExecFailed("the server of %s gave no answer that can be read".formatted(pod), e);
        }
    }
}

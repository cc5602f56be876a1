package com.smoketurner.postgres.cluster.parameters;

import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.ExecFailed;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.ConfigurationFile;
import com.smoketurner.postgres.sql.Psql;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a server takes parameters and starts with them, asked of its own program in a container of the cluster, whose server need
 * not run. {@code postgres -C} reads settings as a start does; for {@code shared_memory_size} it also checks how they fit together,
 * loads the libraries and computes the shared memory before it ends. It gets an empty directory and a configuration file of its own,
 * so neither a running server nor what is wrong with that server's files matters. Only its logical replication slots are looked up,
 * because no server that has one starts with {@code wal_level = replica}.
 */
@Singleton
public final class ParameterJudge {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /**
     * Reads questions from its standard input: {@code value NAME=VALUE}, {@code start} with the lines of a configuration file and a
     * line with a dot, {@code end}. No value is ever part of a command line of the shell.
     */
    private static final String SCRIPT = """
            umask 077
            directory=$(mktemp -d "${TMPDIR:-/tmp}/parameters.XXXXXX") || exit 3
            trap 'rm -rf "$directory"' EXIT
            file=$directory/postgresql.conf
            mkdir "$directory/global" &&
                cp "$PGDATA/PG_VERSION" "$directory/" &&
                cp "$PGDATA/global/pg_control" "$directory/global/" &&
                : >"$directory/postgresql.auto.conf" || exit 3
            try() {
                output=$(postgres -D "$directory" "$@" 2>"$directory/error" </dev/null)
                printf 'result %s\\n' "$?"
                printf 'output %s\\n' "$output"
                sed "s|$directory/||g; s/^/error /" "$directory/error"
            }
            while IFS= read -r line; do
                case $line in
                end) break ;;
                start)
                    while IFS= read -r line && [ "$line" != . ]; do
                        printf '%s\\n' "$line"
                    done >"$file"
                    try -C shared_memory_size
                    ;;
                *)
                    : >"$file"
                    setting=${line#value }
                    try -C "${setting%%=*}" -c "$setting"
                    ;;
                esac
            done
            sed -n 's/^MemTotal: *\\([0-9]*\\) kB$/memory \\1/p; s/^SwapTotal: *\\([0-9]*\\) kB$/memory \\1/p' /proc/meminfo
            """;

    private final PodExec exec;

    public ParameterJudge(PodExec exec) {
        this.exec = exec;
    }

    /**
     * Asks the programs in that pod.
     *
     * @throws ExecFailed if they cannot be asked there
     */
    public ParameterVerdicts judge(String namespace, String pod, ParameterProposal proposal) {
        List<Map<String, String>> starts =
                new ArrayList<>(List.of(proposal.own(proposal.wanted()), proposal.own(proposal.present())));
        proposal.connectionLibraries().ifPresent(starts::add);
        PodExec.Result result = exec.run(
                namespace, pod, Member.CONTAINER, questions(proposal.asked(), starts), TIMEOUT, "sh", "-c", SCRIPT);
        if (!result.succeeded()) {
            throw new ExecFailed(
                    "the parameters could not be checked in pod %s: %s"
                            .formatted(pod, result.error().strip()),
                    null);
        }
        ParameterVerdicts verdicts = ParameterVerdicts.of(proposal, pod, JudgeAnswers.parse(result.output()));
        return verdicts.lowersWalLevel() ? verdicts.withLogicalSlots(logicalSlots(namespace, pod)) : verdicts;
    }

    /** The names of a server's logical replication slots; empty where it has none, or does not run. */
    private String logicalSlots(String namespace, String pod) {
        PodExec.Result result = Psql.query(
                exec,
                namespace,
                pod,
                "SELECT coalesce(string_agg(slot_name, ', ' ORDER BY slot_name), '')"
                        + " FROM pg_replication_slots WHERE slot_type = 'logical'");
        return result.succeeded() ? result.output().strip() : "";
    }

    private static String questions(Map<String, String> values, List<Map<String, String>> starts) {
        var questions = new StringBuilder();
        values.forEach((name, value) -> questions.append("value %s=%s\n".formatted(name, value)));
        starts.forEach(parameters -> questions
                .append("start\n")
                .append(ConfigurationFile.of(parameters))
                .append(".\n"));
        return questions.append("end\n").toString();
    }
}

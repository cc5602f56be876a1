package com.smoketurner.postgres.cluster.parameters;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.MemberMemory;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.ParameterOverride;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.exec.ExecFailed;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.postgres.Parameters;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the parameters of the spec are in force, or somebody has set others by {@code ALTER SYSTEM}, {@code ALTER ROLE} or
 * {@code ALTER DATABASE}, which count more than what Patroni configures. Nothing tells of such a change, so each server is asked when
 * it has started, when the parameters change, and every five minutes; as long as there is something to report, more often.
 */
@Singleton
public final class OverridesStep implements Step, Remembers {

    private static final Duration AGAIN = Duration.ofMinutes(5);
    private static final Duration WHILE_OVERRIDDEN = Duration.ofSeconds(20);

    private final ServerOverrides servers;
    private final MemberMemory<Answer> answers = new MemberMemory<>(member -> member.uid() + member.incarnation());

    OverridesStep(PodExec exec) {
        this.servers = new ServerOverrides(exec);
    }

    /**
     * What a server answered.
     *
     * @param parameters the parameters of the question
     */
    private record Answer(
            SortedMap<String, String> parameters, boolean primary, Instant asked, List<ParameterOverride> overrides) {

        boolean stands(SortedMap<String, String> wanted, boolean leads, Instant now) {
            return parameters.equals(wanted)
                    && primary == leads
                    && now.isBefore(asked.plus(overrides.isEmpty() ? AGAIN : WHILE_OVERRIDDEN));
        }
    }

    @Override
    public Part part() {
        return Part.OVERRIDES;
    }

    @Override
    public void forget(PostgresCluster cluster) {
        answers.forget(cluster);
    }

    @Override
    public Outcome run(ClusterRun run) {
        SortedMap<String, String> parameters = Parameters.user(run.spec().postgresqlParams());
        if (parameters.isEmpty()) {
            return Outcome.DONE;
        }
        List<ParameterOverride> found = new ArrayList<>();
        boolean silent = false;
        for (Member member : run.observed().members()) {
            Answer answer = member.containerRuns() && !member.serverDown() ? answer(run, member, parameters) : null;
            silent |= answer == null;
            found.addAll(answer == null ? List.of() : answer.overrides());
        }
        if (!found.isEmpty()) {
            found.sort(Comparator.comparing(override -> !override.ofServer()));
            return new Outcome.Unsupported(Reason.PARAMETER_OVERRIDDEN, ParameterOverride.text(found));
        }
        return silent ? Outcome.UNDECIDED : Outcome.DONE;
    }

    private @Nullable Answer answer(ClusterRun run, Member member, SortedMap<String, String> parameters) {
        boolean primary = run.observed()
                .primary(run.now())
                .filter(leader -> leader.name().equals(member.name()))
                .isPresent();
        return answers.update(
                run.view(),
                member,
                known -> known != null && known.stands(parameters, primary, run.now())
                        ? known
                        : ask(run, member, primary, parameters));
    }

    private @Nullable Answer ask(ClusterRun run, Member member, boolean primary, SortedMap<String, String> parameters) {
        try {
            List<ParameterOverride> found = new ArrayList<>(servers.system(run.namespace(), member.name(), parameters));
            if (primary) {
                found.addAll(servers.sessions(run.namespace(), member.name(), parameters));
            }
            return new Answer(parameters, primary, run.now(), List.copyOf(found));
        } catch (ExecFailed e) {
            Log.debugf("%s: it is not known whether parameters are overridden: %s", member.name(), e.getMessage());
            return null;
        }
    }
}

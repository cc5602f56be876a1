package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.patroni.PatroniClient;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Restarts servers through Patroni where parameters wait for that. The pods stay. What was asked of whom is remembered so
 * that a member is not restarted again before it had the time to report; after a crash it is asked at most once more.
 */
@Singleton
public final class ServerRestarts {

    /** Patroni takes times to come only, and clocks of nodes differ. */
    private static final Duration AHEAD = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PatroniClient patroni;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    ServerRestarts(PatroniClient patroni) {
        this.patroni = patroni;
    }

    Outcome next(ClusterRun run) {
        RestartPlan plan = new RestartPlan(run.observed().members(), run.spec().replicasOrDefault());
        List<Member> pending = plan.pending();
        if (pending.isEmpty()) {
            return Outcome.DONE;
        }
        plan.next().ifPresent(next -> take(run, next));
        return new Outcome.Working(
                "ApplyingParameters",
                "servers still to be restarted: "
                        + pending.stream()
                                .map(member -> "%s (%s)"
                                        .formatted(
                                                member.name(),
                                                String.join(
                                                        ", ", member.pending().keySet())))
                                .collect(Collectors.joining(", ")));
    }

    private void take(ClusterRun run, RestartPlan.Next next) {
        try {
            switch (next) {
                case RestartPlan.Next.Restart(Member member) -> {
                    if (isDue(run, "restart", member)) {
                        Log.infof("the server of %s restarts for %s", member.name(), member.pending());
                        patroni.restartPending(run.patroni(member), run.now().plus(AHEAD));
                    }
                }
                case RestartPlan.Next.Switchover(Member leader) -> {
                    if (!run.observed().switchover() && isDue(run, "switchover", leader)) {
                        Log.infof("%s hands over before its restart for %s", leader.name(), leader.pending());
                        patroni.switchover(run.patroni(leader), run.now().plus(AHEAD));
                    }
                }
            }
        } catch (IOException | GeneralSecurityException e) {
            Log.warnf("%s: %s; it is tried again", next, e.getMessage());
        }
    }

    private boolean isDue(ClusterRun run, String what, Member member) {
        asked.values().removeIf(at -> at.plus(PATIENCE).isBefore(run.now()));
        return asked.putIfAbsent(what + member.uid() + member.pending(), run.now()) == null;
    }
}

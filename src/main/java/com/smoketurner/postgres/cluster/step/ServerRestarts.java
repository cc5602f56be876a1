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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Restarts servers through Patroni where parameters wait for that. The pods stay. What was asked of whom is remembered so
 * that a member is not restarted again before it had the time to report; after a crash it is asked at most once more.
 */
@Singleton
public final class ServerRestarts {

    /** Patroni takes times to come only, and clocks of nodes differ. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PatroniClient patroni;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();
    private final Map<String, Change> changes = new ConcurrentHashMap<>();

    /** What waits for restarts somewhere in a cluster, and since when. */
    private record Change(Set<String> values, Instant since) {}

    ServerRestarts(PatroniClient patroni) {
        this.patroni = patroni;
    }

    Outcome next(ClusterRun run) {
        RestartPlan plan = new RestartPlan(run.observed().members(), run.spec().replicasOrDefault());
        List<Member> pending = plan.pending();
        String cluster = run.cluster().getMetadata().getUid();
        if (pending.isEmpty()) {
            changes.remove(cluster);
            return Outcome.DONE;
        }
        Set<String> values = values(pending);
        Change change = changes.compute(
                cluster,
                (key, known) -> known != null && known.values().equals(values) ? known : new Change(values, run.now()));
        if (allHaveReported(run, change)) {
            plan.next().ifPresent(next -> take(run, next, pending));
        }
        return new Outcome.Working(
                "ApplyingParameters",
                "servers still to be restarted: "
                        + pending.stream().map(Member::withPending).collect(Collectors.joining(", ")));
    }

    private static Set<String> values(List<Member> pending) {
        return pending.stream()
                .flatMap(member -> member.pending().entrySet().stream())
                .map(entry -> entry.getKey() + "=" + entry.getValue().newValue())
                .collect(Collectors.toSet());
    }

    /** Members report one by one, and the order depends on what the primary reports: each has run its loop by then. */
    private static boolean allHaveReported(ClusterRun run, Change change) {
        Duration loops = Duration.ofSeconds(2L * run.spec().failoverOrDefault().loopWaitOrDefault());
        return !run.now().isBefore(change.since().plus(loops));
    }

    private void take(ClusterRun run, RestartPlan.Next next, List<Member> pending) {
        asked.values().removeIf(at -> at.plus(PATIENCE).isBefore(run.now()));
        // Once another has restarted it is a new question, also to a replica that had to wait for its primary's values.
        String key =
                next.member().uid() + next + pending.stream().map(Member::name).toList();
        if (run.observed().switchover() || asked.putIfAbsent(key, run.now()) != null) {
            return;
        }
        try {
            PatroniClient.Member door = run.patroni(next.member());
            Instant at = run.now().plus(AHEAD);
            Log.info(next);
            switch (next) {
                case RestartPlan.Next.Restart restart -> patroni.restartPending(door, at);
                case RestartPlan.Next.Switchover switchover -> patroni.switchover(door, at);
            }
        } catch (IOException | GeneralSecurityException e) {
            asked.remove(key);
            Log.warnf("%s: %s; it is tried again", next, e.getMessage());
        }
    }
}

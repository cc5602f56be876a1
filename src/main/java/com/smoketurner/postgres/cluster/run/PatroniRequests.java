package com.smoketurner.postgres.cluster.run;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.patroni.PatroniClient;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Asks Patroni for restarts and switchovers. What was asked of whom is remembered so that nobody is asked again before it
 * had the time to report; after a crash it is asked at most once more.
 */
@Singleton
public final class PatroniRequests implements Remembers {

    /** Patroni takes times to come only, and clocks of nodes differ. */
    private static final Duration AHEAD = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PatroniClient patroni;
    private final ClientHold hold;
    private final MemberMemory<Map<String, Instant>> asked =
            new MemberMemory<>(member -> member.uid() + member.incarnation());
    private final Map<String, Change> changes = new ConcurrentHashMap<>();

    /** What waits for restarts somewhere in a cluster, and since when. */
    private record Change(Set<String> values, Instant since) {}

    /** One request to a member. */
    @FunctionalInterface
    private interface Request {
        /**
         * @param forget has it asked again when it turns out later that it was in vain
         */
        void send(PatroniClient.Member endpoint, Runnable forget) throws IOException;
    }

    PatroniRequests(PatroniClient patroni, ClientHold hold) {
        this.patroni = patroni;
        this.hold = hold;
    }

    /**
     * Asks a member to restart its server for the parameters that wait for that.
     *
     * @return whether it was asked now
     */
    public boolean restart(ClusterRun run, Member member) {
        // Once another has restarted it is a new question, also to a replica that had to wait for its primary's values.
        String question = "restart" + pending(run).stream().map(Member::name).toList();
        return allHaveReported(run)
                && ask(run, member, question, (endpoint, forget) -> patroni.restartPending(endpoint, in(run, AHEAD)));
    }

    /**
     * Asks the leader to hand over to a member; every switchover of the operator's is asked for here. Where clients can be held
     * back, they are first, and the leader is asked as soon as they are.
     *
     * @return whether it was asked now, or is about to be
     */
    public boolean switchover(ClusterRun run, Member leader, String candidate) {
        return allHaveReported(run)
                && ask(run, leader, "switchover to " + candidate, (endpoint, forget) -> {
                    if (!hold.during(run, candidate, new Now(patroni, endpoint, candidate, forget))) {
                        patroni.switchover(endpoint, candidate, in(run, AHEAD));
                    }
                });
    }

    /** Whether a switchover has been decided, and the leader has not been asked because clients are being held back first. */
    public boolean underway(ClusterRun run) {
        return hold.underway(run.view());
    }

    /** A switchover at once: clients wait for it. */
    private record Now(PatroniClient patroni, PatroniClient.Member leader, String candidate, Runnable forget)
            implements ClientHold.Handover {
        @Override
        public void begin() throws IOException {
            patroni.switchoverNow(leader, candidate);
        }

        @Override
        public void failed() {
            forget.run();
        }
    }

    /**
     * Asks a replica to copy its data from the primary again, unless its server has been started since: then it has done so.
     *
     * @param since when that was decided
     * @return whether it was asked now, or has done it
     */
    public boolean reinitialize(ClusterRun run, Member member, Instant since) {
        return ask(run, member, "reinitialize since " + since, (endpoint, forget) -> {
            if (patroni.serverStart(endpoint).filter(since::isBefore).isEmpty()) {
                patroni.reinitialize(endpoint);
            }
        });
    }

    private boolean ask(ClusterRun run, Member member, String question, Request request) {
        Map<String, Instant> questions = Objects.requireNonNull(
                asked.update(run.view(), member, known -> known == null ? new ConcurrentHashMap<>() : known));
        questions.values().removeIf(at -> at.plus(PATIENCE).isBefore(run.now()));
        if (questions.putIfAbsent(question, run.now()) != null) {
            return false;
        }
        try {
            request.send(run.view().patroni(member), () -> questions.remove(question));
            return true;
        } catch (IOException | GeneralSecurityException e) {
            questions.remove(question);
            Log.warnf("%s of %s: %s; it is tried again", question, member.name(), e.getMessage());
            return false;
        }
    }

    @Override
    public void forget(PostgresCluster cluster) {
        asked.forget(cluster);
        changes.remove(cluster.getMetadata().getUid());
    }

    private static Instant in(ClusterRun run, Duration time) {
        return run.now().plus(time);
    }

    private static List<Member> pending(ClusterRun run) {
        return run.observed().members().stream().filter(Member::pendingRestart).toList();
    }

    /** Members report one by one, and the order depends on what the primary reports: each has run its loop by then. */
    private boolean allHaveReported(ClusterRun run) {
        Set<String> values = pending(run).stream()
                .flatMap(member -> member.pending().entrySet().stream())
                .map(entry -> entry.getKey() + "=" + entry.getValue().newValue())
                .collect(Collectors.toSet());
        String cluster = run.cluster().getMetadata().getUid();
        if (values.isEmpty()) {
            changes.remove(cluster);
            return true;
        }
        Change change = changes.compute(
                cluster,
                (key, known) -> known != null && known.values().equals(values) ? known : new Change(values, run.now()));
        Duration loops = Duration.ofSeconds(2L * run.spec().failoverOrDefault().loopWaitOrDefault());
        return !run.now().isBefore(change.since().plus(loops));
    }
}

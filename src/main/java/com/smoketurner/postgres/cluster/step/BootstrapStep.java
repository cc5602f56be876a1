package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.Reason;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Remembers;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.PatroniRecords;
import com.smoketurner.postgres.patroni.ConfigRecord;
import io.fabric8.kubernetes.api.model.Endpoints;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Another attempt where the member that was creating the server, from nothing or from a backup, was killed. Patroni's members take
 * a key before they begin, which nobody removes then: each waits for a leader that does not come.
 */
@Singleton
public final class BootstrapStep implements Step, Remembers {

    /** Patroni's loops in which a member that has just taken the key says that it creates the server. */
    private static final int LOOPS = 3;

    private static final Duration RECHECK = Duration.ofSeconds(5);

    private final PatroniRecords records;
    private final EventRecorder events;
    private final Map<String, Instant> abandoned = new ConcurrentHashMap<>();

    BootstrapStep(PatroniRecords records, EventRecorder events) {
        this.records = records;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.BOOTSTRAP;
    }

    @Override
    public Outcome run(ClusterRun run) {
        String uid = run.cluster().getMetadata().getUid();
        Optional<Endpoints> taken = taken(run.view());
        if (taken.isEmpty() || !allWait(run.observed().members())) {
            abandoned.remove(uid);
            return Outcome.DONE;
        }
        Instant since = abandoned.computeIfAbsent(uid, key -> run.now());
        Duration patience =
                Duration.ofSeconds((long) LOOPS * run.spec().failoverOrDefault().loopWaitOrDefault());
        if (run.now().isBefore(since.plus(patience))) {
            return new Outcome.Waiting(
                    Reason.CREATING_RESOURCES, "no member creates the server; another attempt begins soon", RECHECK);
        }
        records.releaseBootstrap(taken.get());
        abandoned.remove(uid);
        events.logAndRecord(
                run.cluster(),
                EventMessage.of(
                        EventReason.BOOTSTRAP_REPEATED,
                        "the member that was creating the server was ended before it had finished; another attempt begins"),
                run.now());
        return Outcome.UNDECIDED;
    }

    @Override
    public void forget(PostgresCluster cluster) {
        abandoned.remove(cluster.getMetadata().getUid());
    }

    /** The record in which a member has taken the key and no server has an identifier yet. */
    private static Optional<Endpoints> taken(ClusterView view) {
        return view.observed()
                .config()
                .filter(config -> config.getMetadata().getAnnotations() != null)
                .filter(config ->
                        "".equals(config.getMetadata().getAnnotations().get(ConfigRecord.INITIALIZE)));
    }

    /** Whether every member that runs has no data and does nothing about it. */
    static boolean allWait(List<Member> members) {
        return members.stream().noneMatch(Member::terminating)
                && members.stream().anyMatch(Member::containerRuns)
                && members.stream()
                        .filter(Member::containerRuns)
                        .allMatch(member ->
                                member.patroni() != null && member.patroni().isWaiting());
    }
}

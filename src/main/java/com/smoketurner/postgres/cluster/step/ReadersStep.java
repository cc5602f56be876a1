package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.EventReason;
import com.smoketurner.postgres.cluster.lag.LagHistory;
import com.smoketurner.postgres.cluster.lag.Readers;
import com.smoketurner.postgres.cluster.lag.ReplicaLag;
import com.smoketurner.postgres.cluster.lag.ReplicaLags;
import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Outcome;
import com.smoketurner.postgres.cluster.run.Part;
import com.smoketurner.postgres.cluster.run.Step;
import com.smoketurner.postgres.kube.EventMessage;
import com.smoketurner.postgres.kube.EventRecorder;
import com.smoketurner.postgres.kube.MemberPods;
import com.smoketurner.postgres.naming.Labels;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Keeps replicas that are too far behind out of the Service of the readers. */
@Singleton
public final class ReadersStep implements Step {

    private final MemberPods pods;
    private final LagHistory history;
    private final EventRecorder events;

    ReadersStep(MemberPods pods, LagHistory history, EventRecorder events) {
        this.pods = pods;
        this.history = history;
        this.events = events;
    }

    @Override
    public Part part() {
        return Part.READERS;
    }

    @Override
    public Outcome run(ClusterRun run) {
        var status = run.cluster().getStatus();
        if (status == null || status.currentVersion() == null) {
            return Outcome.DONE; // Members are still being created, and nobody reads from them.
        }
        List<ReplicaLag> lags = ReplicaLags.of(run.view());
        int eligible = 0;
        int left = 0;
        for (ReplicaLag lag : lags) {
            String label = Readers.label(run.view(), lag, history);
            eligible += label.equals(Readers.IN) ? 1 : 0;
            left += change(run, lag, label) && label.equals(Readers.OUT) ? 1 : 0;
        }
        if (left > 0 && eligible == 0) {
            events.logAndRecord(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.NO_ELIGIBLE_READERS,
                            "every replica exceeds the replication lag limit: Service %s has no endpoints"
                                    .formatted(run.names().replicaService())),
                    run.now());
        }
        run.observed().leaderMember().ifPresent(leader -> welcome(run, leader));
        return Outcome.DONE;
    }

    private boolean change(ClusterRun run, ReplicaLag lag, String label) {
        Member member = lag.member();
        String present = member.labels().get(Labels.READER);
        if (label.equals(present)) {
            return false;
        }
        pods.label(run.applier(), run.namespace(), member.name(), Map.of(Labels.READER, label));
        if (label.equals(Readers.OUT)) {
            events.logAndRecord(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.REPLICA_EXCLUDED,
                            "%s removed from Service %s: replication lag too high: %s"
                                    .formatted(member.name(), run.names().replicaService(), figures(lag))),
                    run.now());
        } else if (Readers.OUT.equals(present)) {
            events.logAndRecord(
                    run.cluster(),
                    EventMessage.of(
                            EventReason.REPLICA_INCLUDED,
                            "%s caught up and is back in Service %s"
                                    .formatted(member.name(), run.names().replicaService())),
                    run.now());
        }
        return true;
    }

    private static String figures(ReplicaLag lag) {
        return lag.bytes() == null
                ? lag.state()
                : "%s, %d bytes, %d seconds"
                        .formatted(
                                lag.state(),
                                lag.bytes(),
                                Objects.requireNonNull(lag.time()).toSeconds());
    }

    /** A replica that was behind and has come to lead begins with nothing against it when it is a replica again. */
    private void welcome(ClusterRun run, Member leader) {
        if (!Readers.IN.equals(leader.labels().get(Labels.READER))) {
            pods.label(run.applier(), run.namespace(), leader.name(), Map.of(Labels.READER, Readers.IN));
        }
    }
}

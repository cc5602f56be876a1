package com.smoketurner.postgres.cluster.rebuild;

import com.smoketurner.postgres.cluster.run.ClusterRun;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.PodExec;
import com.smoketurner.postgres.kube.exec.PodLogs;
import com.smoketurner.postgres.postgres.OwnSession;
import com.smoketurner.postgres.sql.Psql;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.Log;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Asks a server that is broken what is wrong, once when that is noted. */
@Singleton
final class FaultCauses {

    /** A server that cannot reach its primary says so every 5 s, and Patroni writes some lines in each of its loops. */
    private static final int LINES = 60;

    private final PodExec exec;
    private final PodLogs logs;

    FaultCauses(PodExec exec, PodLogs logs) {
        this.exec = exec;
        this.logs = logs;
    }

    /** What the server says, on one line; nothing where it cannot be asked, or says nothing. */
    Optional<String> of(ClusterRun run, ReplicaHealth replica) {
        try {
            return switch (replica.fault()) {
                // Patroni may have no connection either, which its record shows only later.
                case DETACHED ->
                    Psql.refusal(exec, run.namespace(), replica.name())
                            .or(() -> OwnSession.receiverError(
                                    logs.tail(run.namespace(), replica.name(), Member.CONTAINER, LINES)));
                case SILENT -> Psql.refusal(exec, run.namespace(), replica.name());
                case NONE, UNDECIDED, FULL, DOWN -> Optional.empty();
            };
        } catch (KubernetesClientException e) {
            Log.debugf("what is wrong with %s is not known: %s", replica.name(), e.getMessage());
            return Optional.empty();
        }
    }
}

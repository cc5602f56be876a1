package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.kube.exec.PodLogs;
import com.smoketurner.postgres.postgres.ServerMessages;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/** Reads in the log of a member why its server does not start. Reads nothing while all servers run. */
@Singleton
final class StartObserver {

    /** Patroni starts a server again every few seconds, so what is older is of a start before. */
    private static final Duration AGE = Duration.ofMinutes(2);

    private static final int LINES = 300;

    private final PodLogs logs;

    StartObserver(PodLogs logs) {
        this.logs = logs;
    }

    /** What keeps the server of a member from starting, in the server's own words; one member's, the last leader's first. */
    Optional<String> observe(ClusterView view) {
        String leader = view.observed().leader().map(record -> record.leader()).orElse("");
        return view.observed().members().stream()
                .filter(member -> !member.terminating() && (member.serverDown() || member.crashes()))
                .min(Comparator.comparing((Member member) -> !member.name().equals(leader))
                        .thenComparingInt(Member::ordinal))
                .flatMap(member -> ServerMessages.failure(
                                log(view, member).lines().toList())
                        .map(words -> "the server of %s does not start: %s".formatted(member.name(), words)));
    }

    private String log(ClusterView view, Member member) {
        try {
            return member.crashes()
                    ? logs.previous(view.namespace(), member.name(), Member.CONTAINER, LINES)
                    : logs.recent(view.namespace(), member.name(), Member.CONTAINER, AGE, LINES);
        } catch (KubernetesClientException e) {
            return ""; // The container has none, or none any more.
        }
    }
}

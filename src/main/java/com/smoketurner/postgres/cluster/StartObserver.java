package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.postgres.ServerMessages;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.Optional;

/** Reads in the log of a member why its server does not start. Reads nothing while all servers run. */
@Singleton
final class StartObserver {

    /** Patroni starts a server again every few seconds, so what is older is of a start before. */
    private static final int SECONDS = 120;

    private static final int LINES = 300;

    private final KubernetesClient client;

    StartObserver(KubernetesClient client) {
        this.client = client;
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
            var container = client.pods()
                    .inNamespace(view.namespace())
                    .withName(member.name())
                    .inContainer(Member.CONTAINER);
            String log = member.crashes()
                    ? container.terminated().tailingLines(LINES).getLog()
                    : container.sinceSeconds(SECONDS).tailingLines(LINES).getLog();
            return log == null ? "" : log;
        } catch (KubernetesClientException e) {
            return ""; // The container has none, or none any more.
        }
    }
}

package com.smoketurner.postgres.cluster.step;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.ClusterView;
import com.smoketurner.postgres.cluster.run.Member;
import com.smoketurner.postgres.cluster.run.Remembers;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the passwords of a server were last compared with those of its Secret. No watch tells of a password that is changed by
 * SQL, so they are compared every few minutes, and soon when a replica does not stream: it may be refused for its password.
 * What is remembered only spares the servers a question.
 */
@Singleton
final class PasswordChecks implements Remembers {

    /** Together with the time between two complete reconciliations of a cluster at rest this stays below 5 minutes. */
    private static final Duration EVERY = Duration.ofMinutes(3);

    private static final Duration SOON = Duration.ofSeconds(15);

    private final Map<String, Instant> last = new ConcurrentHashMap<>();

    /** Whether they have to be compared now. The first time comes late: a start of the operator asks no server. */
    boolean due(ClusterView run) {
        Instant before = last.putIfAbsent(key(run), run.now());
        boolean refused = run.observed().members().stream().anyMatch(PasswordChecks::cutOff);
        return before != null && !run.now().isBefore(before.plus(refused ? SOON : EVERY));
    }

    /** They have been compared. */
    void done(ClusterView run) {
        last.put(key(run), run.now());
    }

    @Override
    public void forget(PostgresCluster cluster) {
        last.remove(cluster.getMetadata().getUid());
    }

    private static boolean cutOff(Member member) {
        return member.replica() && !member.terminating() && !member.cloning() && !member.streaming();
    }

    private static String key(ClusterView run) {
        return run.cluster().getMetadata().getUid();
    }
}

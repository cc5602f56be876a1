package com.smoketurner.postgres.cluster.backup;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.BackupFacts;
import com.smoketurner.postgres.cluster.run.Remembers;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The job that was last started for each cluster. A member reports its job before the start of it returns, but what is observed
 * may be older: until the report is seen no job is started on another member.
 */
@Singleton
final class StartedJobs implements Remembers {

    /** A job of which nothing is seen for so long has left nothing to wait for. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Started(String id, Instant at) {}

    private final Map<String, Started> jobs = new ConcurrentHashMap<>();

    void started(BackupFacts facts, String id) {
        jobs.put(uid(facts.view().cluster()), new Started(id, facts.view().now()));
    }

    /** Whether a job was started that is not reported yet. */
    boolean waiting(BackupFacts facts) {
        Started last = jobs.get(uid(facts.view().cluster()));
        return last != null
                && facts.view().now().isBefore(last.at().plus(PATIENCE))
                && facts.jobs().noneMatch(job -> job.id().equals(last.id()));
    }

    @Override
    public void forget(PostgresCluster cluster) {
        jobs.remove(uid(cluster));
    }

    private static String uid(PostgresCluster cluster) {
        return cluster.getMetadata().getUid();
    }
}

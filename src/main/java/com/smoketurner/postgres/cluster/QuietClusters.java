package com.smoketurner.postgres.cluster;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.cluster.run.Remembers;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clusters whose last complete reconciliation found nothing to do, to wait for or to ask. Until such a cluster or one of its
 * objects changes, the next one would find the same, so it is enough to read what changes without an event.
 * With hundreds of clusters that nobody touches this is most of what they cost, and whoever changes one waits for fewer others.
 *
 * <p>What is remembered only saves work: without it, as after a start, each cluster is reconciled completely.
 */
@Singleton
final class QuietClusters implements Remembers {

    /**
     * A complete reconciliation comes at least so often, as a net under the watches, and for what no watch reports: passwords
     * that were changed by SQL are restored within 5 minutes.
     */
    static final Duration AT_MOST = Duration.ofMinutes(4);

    /**
     * A complete reconciliation.
     *
     * @param version of the cluster's resource as it was then
     * @param at when it began
     * @param calm it has ended and found nothing; false while it goes on
     */
    private record Pass(String version, Instant at, boolean calm) {}

    private final Map<ResourceID, Pass> passes = new ConcurrentHashMap<>();

    /** Whether the last complete reconciliation was calm, and nothing has changed since. */
    boolean is(PostgresCluster cluster, Instant now) {
        Pass last = passes.get(ResourceID.fromResource(cluster));
        return last != null
                && last.calm()
                && last.version().equals(version(cluster))
                && now.isBefore(last.at().plus(AT_MOST));
    }

    /** A complete reconciliation begins: it may already have missed what changes from now on. */
    void begin(PostgresCluster cluster, Instant now) {
        passes.put(ResourceID.fromResource(cluster), new Pass(version(cluster), now, false));
    }

    /**
     * The reconciliation that began then has found nothing to do, to wait for or to ask.
     *
     * @param began as it was given to {@link #begin}
     */
    void calm(PostgresCluster cluster, Instant began) {
        passes.replace(
                ResourceID.fromResource(cluster),
                new Pass(version(cluster), began, false),
                new Pass(version(cluster), began, true));
    }

    /** An object of the cluster has changed. */
    void disturb(ResourceID cluster) {
        passes.remove(cluster);
    }

    @Override
    public void forget(PostgresCluster cluster) {
        passes.remove(ResourceID.fromResource(cluster));
    }

    private static String version(PostgresCluster cluster) {
        return cluster.getMetadata().getResourceVersion();
    }
}

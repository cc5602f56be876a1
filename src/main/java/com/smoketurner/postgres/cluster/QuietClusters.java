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
 * The clusters at which a whole look has found nothing to do, to wait for or to ask. Until such a cluster or one of its
 * objects changes, the next whole look would find the same, so it is enough to look at what changes without waking anybody.
 * With hundreds of clusters that nobody touches this is most of what they cost, and whoever changes one waits for fewer others.
 *
 * <p>What is remembered only saves work: without it, as after a start, each cluster is looked at as a whole.
 */
@Singleton
final class QuietClusters implements Remembers {

    /**
     * A complete reconciliation comes at least so often, as a net under the watches, and for what no watch reports: passwords
     * that were changed by SQL are restored within 5 minutes.
     */
    static final Duration AT_MOST = Duration.ofMinutes(4);

    /**
     * A whole look.
     *
     * @param version of the cluster's resource as it was then
     * @param at when it began
     * @param calm it has ended and found nothing; false while it goes on
     */
    private record Look(String version, Instant at, boolean calm) {}

    private final Map<ResourceID, Look> looks = new ConcurrentHashMap<>();

    /** Whether the last look at the cluster was calm, and nothing has changed since. */
    boolean is(PostgresCluster cluster, Instant now) {
        Look last = looks.get(ResourceID.fromResource(cluster));
        return last != null
                && last.calm()
                && last.version().equals(version(cluster))
                && now.isBefore(last.at().plus(AT_MOST));
    }

    /** A whole look begins: it may already have missed what changes from now on. */
    void begin(PostgresCluster cluster, Instant now) {
        looks.put(ResourceID.fromResource(cluster), new Look(version(cluster), now, false));
    }

    /**
     * The look that began then has found nothing to do, to wait for or to ask.
     *
     * @param began as it was given to {@link #begin}
     */
    void calm(PostgresCluster cluster, Instant began) {
        looks.replace(
                ResourceID.fromResource(cluster),
                new Look(version(cluster), began, false),
                new Look(version(cluster), began, true));
    }

    /** An object of the cluster has changed. */
    void disturb(ResourceID cluster) {
        looks.remove(cluster);
    }

    @Override
    public void forget(PostgresCluster cluster) {
        looks.remove(ResourceID.fromResource(cluster));
    }

    private static String version(PostgresCluster cluster) {
        return cluster.getMetadata().getResourceVersion();
    }
}

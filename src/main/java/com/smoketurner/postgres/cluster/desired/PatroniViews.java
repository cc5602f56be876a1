package com.smoketurner.postgres.cluster.desired;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.api.ReplicationMode;
import com.smoketurner.postgres.naming.Labels;
import com.smoketurner.postgres.naming.Names;
import com.smoketurner.postgres.patroni.PatroniView;
import com.smoketurner.postgres.postgres.Parameters;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the spec means for Patroni. */
public final class PatroniViews {
    private PatroniViews() {}

    /** The configuration of the members the spec asks for. */
    public static PatroniView of(PostgresCluster cluster, PodInputs inputs) {
        return of(cluster, inputs, cluster.getSpec().tlsEnabled());
    }

    static PatroniView of(PostgresCluster cluster, PodInputs inputs, boolean tls) {
        var spec = cluster.getSpec();
        var names = Names.of(cluster);
        var failover = spec.failoverOrDefault();
        var replication = spec.replicationOrDefault();
        return new PatroniView(
                names.cluster(),
                names.namespace(),
                Labels.patroni(),
                Paths.binaries(cluster.runningMajor()),
                Paths.PGDATA,
                tls,
                tls && inputs.tlsCaPresent(),
                failover.ttlOrDefault(),
                failover.loopWaitOrDefault(),
                failover.retryTimeoutOrDefault(),
                inputs.slotsToDrop() ? 0 : null,
                spec.restore() != null,
                synchronousMode(replication.modeOrDefault()),
                replication.minSyncOrDefault(),
                Parameters.effective(parameters(spec), cluster.runningMajor(), spec.walArchived()));
    }

    /**
     * With room for as many members as an autoscaler may add; the user's own values count more. In wide steps, because each
     * change restarts all servers.
     */
    private static Map<String, String> parameters(PostgresClusterSpec spec) {
        Map<String, String> parameters = new TreeMap<>(spec.postgresqlParams());
        if (spec.scalingActive()) {
            int members = spec.scalingOrDefault().maxReplicasOrDefault();
            Parameters.OF_REPLICAS.stream()
                    .filter(name -> spec.postgresqlParams().keySet().stream().noneMatch(name::equalsIgnoreCase))
                    .forEach(name -> parameters.put(name, String.valueOf(Parameters.connectionsOfReplicas(members))));
        }
        return parameters;
    }

    private static @Nullable String synchronousMode(ReplicationMode mode) {
        return switch (mode) {
            case ASYNC -> null;
            case SYNC -> "on";
            case QUORUM -> "quorum";
        };
    }
}

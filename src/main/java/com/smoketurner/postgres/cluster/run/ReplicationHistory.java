package com.smoketurner.postgres.cluster.run;

import java.time.Instant;
import java.util.Map;

/**
 * What is remembered of the time before this reconciliation. It begins again with each start of the operator.
 *
 * @param primary where the primary has been
 * @param notStreaming replicas that do not stream, by the uid of their pod, and since when
 */
public record ReplicationHistory(WalHistory primary, Map<String, Instant> notStreaming) {

    public static final ReplicationHistory UNKNOWN = new ReplicationHistory(WalHistory.UNKNOWN, Map.of());

    public ReplicationHistory {
        notStreaming = Map.copyOf(notStreaming);
    }
}

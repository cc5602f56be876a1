package com.smoketurner.postgres.cluster.pooler;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the template of {@code pgbouncer.ini} needs to know: flat, sorted, complete.
 *
 * @param host of the servers
 * @param lookupUser role that looks up the verifiers of clients
 * @param tls whether both sides are encrypted
 * @param authority whether the authority of the servers' certificate is known
 * @param settings those that the user may replace
 */
@RegisterForReflection
record PoolerView(
        String host,
        String lookupUser,
        String poolMode,
        String maxClientConnections,
        String defaultPoolSize,
        String maxDbConnections,
        boolean tls,
        boolean authority,
        SortedMap<String, String> settings) {
    PoolerView {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }
}

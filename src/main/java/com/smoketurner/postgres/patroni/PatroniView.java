package com.smoketurner.postgres.patroni;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the template of {@code 10-patroni.yml} needs to know: flat, sorted, complete.
 *
 * @param tls whether the servers encrypt
 * @param clientCertificates whether unsafe REST calls need a client certificate; false where no CA could judge it
 * @param memberSlotsTtl seconds for which slots of members that are away are kept; null for Patroni's default
 * @param restore whether the cluster is created from backups, by the program {@code restore}
 * @param synchronousMode Patroni's {@code synchronous_mode}; null for asynchronous replication
 */
@RegisterForReflection
public record PatroniView(
        String scope,
        String namespace,
        SortedMap<String, String> labels,
        String binDir,
        String dataDir,
        boolean tls,
        boolean clientCertificates,
        int ttl,
        int loopWait,
        int retryTimeout,
        @Nullable Integer memberSlotsTtl,
        boolean restore,
        @Nullable String synchronousMode,
        int synchronousNodes,
        SortedMap<String, String> parameters) {
    public PatroniView {
        labels = sorted(labels);
        parameters = sorted(parameters);
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}

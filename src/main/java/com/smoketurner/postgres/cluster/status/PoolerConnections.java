package com.smoketurner.postgres.cluster.status;

import com.smoketurner.postgres.api.PgBouncerSpec;
import com.smoketurner.postgres.api.PostgresClusterSpec;
import com.smoketurner.postgres.postgres.Parameters;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether a server has as many connections as a pooler opens to it. */
final class PoolerConnections {

    private static final String MAX_CONNECTIONS = "max_connections";

    private static final String RESERVED = "superuser_reserved_connections";

    /** By default. */
    private static final String FEW_RESERVED = "3";

    /** Of each pod, for verifiers. */
    private static final int LOOKUPS = 2;

    private PoolerConnections() {}

    /**
     * A warning about a pooler that uses up the connections of a server; empty where it does not, or where that is not known. For
     * one database: PgBouncer has no limit for all together.
     */
    static Optional<String> warning(PostgresClusterSpec spec) {
        if (!spec.poolerEnabled()) {
            return Optional.empty();
        }
        Map<String, String> user = Parameters.user(spec.postgresqlParams());
        String all = user.getOrDefault(
                MAX_CONNECTIONS, Objects.requireNonNull(Parameters.defaults().get(MAX_CONNECTIONS)));
        String reserved = user.getOrDefault(RESERVED, FEW_RESERVED);
        if (!all.matches("\\d{1,6}") || !reserved.matches("\\d{1,6}")) {
            return Optional.empty();
        }
        PgBouncerSpec pooler = spec.pgbouncerOrDefault();
        // A rollout adds a pod before it removes one.
        int pods = pooler.replicasOrDefault() + 1;
        long opened =
                (long) pods * (Math.max(1, pooler.maxDbConnectionsOrDefault() / pooler.replicasOrDefault()) + LOOKUPS);
        return opened <= Long.parseLong(all) - Long.parseLong(reserved)
                ? Optional.empty()
                : Optional.of(
                        "a pooler opens up to %d connections for each database while its pods are replaced, and max_connections is %s, of which %s are reserved: lower spec.pgbouncer.maxDbConnections (%d), or raise max_connections"
                                .formatted(opened, all, reserved, pooler.maxDbConnectionsOrDefault()));
    }
}

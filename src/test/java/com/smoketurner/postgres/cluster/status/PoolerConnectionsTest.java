package com.smoketurner.postgres.cluster.status;

import static com.smoketurner.postgres.testing.values.Clusters.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolerConnectionsTest {

    private static Optional<String> warning(String... spec) {
        return PoolerConnections.warning(cluster(spec).getSpec());
    }

    @Test
    void morePooledConnectionsThanAServerHasAreNamed() {
        assertThat(warning("pgbouncer: {enabled: true, maxDbConnections: 80}"))
                .contains("a pooler opens up to 126 connections for each database while its pods are replaced, and"
                        + " max_connections is 100, of which 3 are reserved: lower spec.pgbouncer.maxDbConnections (80), or raise"
                        + " max_connections");
        assertThat(warning("pgbouncer: {enabled: true}", "postgresqlParams: {superuser_reserved_connections: '10'}"))
                .isPresent();
    }

    @Test
    void whatFitsOrIsNotKnownIsNot() {
        assertThat(warning("pgbouncer: {enabled: true}")).isEmpty();
        assertThat(warning(
                        "pgbouncer: {enabled: true, maxDbConnections: 80}",
                        "postgresqlParams: {max_connections: '200'}"))
                .isEmpty();
        assertThat(warning("pgbouncer: {enabled: false, maxDbConnections: 80}")).isEmpty();
        assertThat(warning("pgbouncer: {enabled: true}", "postgresqlParams: {max_connections: many}"))
                .isEmpty();
    }
}

package com.smoketurner.postgres.cluster.pooler;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Golden;
import com.smoketurner.postgres.testing.values.Clusters;
import com.smoketurner.postgres.testing.values.Runs;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GoldenTest {

    private static Pooler pooler(Pooler.Target target, String... spec) {
        return new Pooler(Clusters.cluster(spec), target);
    }

    private static String ini(Pooler pooler, boolean authority) {
        return Objects.requireNonNull(
                PoolerConfig.of(pooler, authority).getData().get(PoolerConfig.INI));
    }

    @Test
    void thePoolerOfAPrimary() {
        Pooler pooler = pooler(Pooler.Target.PRIMARY, "pgbouncer: {enabled: true}");
        Golden.assertMatches("pooler/pgbouncer.ini", ini(pooler, true));
        Golden.assertMatches("pooler/deployment.yaml", PoolerDeployment.of(pooler, Runs.SETTINGS));
        Golden.assertMatches("pooler/certificate.yaml", PoolerObjects.certificate(pooler, Runs.SETTINGS));
        Golden.assertMatches("pooler/service.yaml", PoolerObjects.service(pooler));
        Golden.assertMatches("pooler/budget.yaml", PoolerObjects.disruptionBudget(pooler));
    }

    @Test
    void aPoolOfSessionsWithoutTls() {
        Golden.assertMatches(
                "pooler/session.ini",
                ini(
                        pooler(
                                Pooler.Target.REPLICAS,
                                "tls: {enabled: false}",
                                "pgbouncer: {enabled: true, enableReplicaPooler: true, poolMode: session, replicas: 7,"
                                        + " parameters: {query_wait_timeout: '20', server_lifetime: '60'}}"),
                        false));
    }

    @Test
    void anUnknownAuthorityIsNotVerified() {
        assertThat(ini(pooler(Pooler.Target.PRIMARY, "pgbouncer: {enabled: true}"), false))
                .contains("server_tls_sslmode = require")
                .doesNotContain("server_tls_ca_file");
    }
}

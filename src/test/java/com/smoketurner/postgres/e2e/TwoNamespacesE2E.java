package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters of one name in two namespaces know nothing of each other. */
@ExtendWith(EndToEnd.class)
class TwoNamespacesE2E {
    private final Namespace one;

    TwoNamespacesE2E(Namespace one) {
        this.one = one;
    }

    @Test
    @Acceptance(41)
    void clustersOfOneNameLiveSideBySide() {
        Namespace two = Namespace.create(one.lab(), one.client(), "TwoNamespacesOther", Map.of());
        var manifest = Manifest.cluster("twin").replicas(2);
        Cluster first = one.apply(manifest);
        Cluster second = two.apply(manifest);
        first.awaitPhase("Running");
        second.awaitPhase("Running");
        first.sql(first.primary(), "CREATE TABLE mine AS SELECT 'one' AS who");
        second.sql(second.primary(), "CREATE TABLE mine AS SELECT 'two' AS who");
        assertThat(first.credential("password")).isNotEqualTo(second.credential("password"));
        assertThat(first.sql(first.primary(), "SELECT system_identifier FROM pg_control_system()"))
                .isNotEqualTo(second.sql(second.primary(), "SELECT system_identifier FROM pg_control_system()"));

        two.kubectl("delete", "pgc", "twin", "--timeout=180s").orThrow();
        assertThat(first.phase()).isEqualTo("Running");
        assertThat(first.sql(first.primary(), "SELECT who FROM mine")).isEqualTo("one");
        assertThat(first.sql(first.primary(), "SELECT count(*) FROM pg_stat_replication"))
                .isEqualTo("1");
        two.delete();
    }
}

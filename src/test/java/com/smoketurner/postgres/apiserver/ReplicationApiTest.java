package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who owns the way of replication in Patroni's dynamic configuration. */
@ExtendWith(ApiServer.class)
class ReplicationApiTest {
    private static final String NAME = "waits";

    private final Namespace ns;

    ReplicationApiTest(Namespace ns) {
        this.ns = ns;
    }

    private String config(String field) {
        return Json.parse(PatroniRecords.read(ns.client(), ns.name(), NAME + "-config", "config"))
                .path(field)
                .asText();
    }

    private void awaitConfig(String field, String value) {
        Waiting.until(field + " is " + value, Waiting.SHORT, () -> config(field), value::equals);
    }

    @Test
    void itIsTheSpecsOnceTheSpecSaysSo() {
        ApiServer.operator();
        Cluster cluster = ns.apply(Manifest.cluster(NAME).noTls().replicas(2)).awaitPhase("Running");
        String edited = PatroniRecords.read(ns.client(), ns.name(), NAME + "-config", "config")
                .replaceFirst("\\{", "{\"synchronous_mode\":true,");
        ns.kubectl("annotate", "endpoints", NAME + "-config", "--overwrite", "config=" + edited)
                .orThrow();
        cluster.patch("{\"spec\":{\"failover\":{\"ttl\":45}}}");
        awaitConfig("ttl", "45");
        assertThat(config("synchronous_mode")).as("set by hand").isEqualTo("true");

        cluster.patch("{\"spec\":{\"replication\":{\"mode\":\"quorum\"}}}");
        awaitConfig("synchronous_mode", "quorum");
        assertThat(config("synchronous_node_count")).isEqualTo("1");
        var refused =
                ns.kubectl("patch", "pgc", NAME, "--type=merge", "-p", "{\"spec\":{\"replication\":{\"minSync\":2}}}");
        assertThat(refused.ok()).isFalse();
        assertThat(refused.all()).contains("replication.minSync must be less than replicas");

        cluster.patch("{\"spec\":{\"replication\":null}}");
        awaitConfig("synchronous_mode", "");
        cluster.awaitPhase("Running");
    }
}

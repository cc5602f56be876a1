package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.AuditLog;
import com.smoketurner.postgres.testing.Cluster;
import com.smoketurner.postgres.testing.EndToEnd;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import com.smoketurner.postgres.testing.Project;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster that nobody touches costs no write. Other tests may go on beside it: only its own objects count. */
@ExtendWith(EndToEnd.class)
class IdleE2E {
    private static final Duration IDLE = Duration.ofMinutes(5);
    /** Watch events of the last change and the second look after it are over by then. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private final Namespace ns;

    IdleE2E(Namespace ns) {
        this.ns = ns;
    }

    @Test
    @Acceptance({18, 39})
    void nothingIsWrittenForFiveMinutes() {
        Cluster cluster = ns.apply(Manifest.cluster("idle").replicas(3)).awaitPhase("Running");
        // Time itself is what is tested here: there is no condition to wait for.
        LockSupport.parkNanos(SETTLING.toNanos());
        Map<String, String> before = versions();
        int events = cluster.events().size();
        JsonNode conditions = cluster.status().path("conditions");
        Instant since = Instant.now();
        LockSupport.parkNanos(IDLE.toNanos());

        assertThat(versions()).isEqualTo(before);
        assertThat(cluster.events()).hasSize(events);
        assertThat(cluster.status().path("conditions")).isEqualTo(conditions);
        var log = new AuditLog(ns.lab().auditLog());
        assertThat(log.writesOfOperator(since).stream()
                        .filter(r -> r.namespace().equals(ns.name()))
                        .toList())
                .isEmpty();
    }

    /** All objects of the cluster and itself; Patroni's own records and the pods it annotates are its sign of life. */
    private Map<String, String> versions() {
        var versions = new TreeMap<String, String>();
        String label = Project.GROUP + "/cluster=idle";
        for (String type : new String[] {
            "statefulset",
            "service",
            "secret",
            "configmap",
            "serviceaccount",
            "role",
            "rolebinding",
            "pdb",
            "certificate",
            "pvc"
        }) {
            for (JsonNode item : ns.list(type, label)) {
                versions.put(
                        type + "/" + item.at("/metadata/name").asText(),
                        item.at("/metadata/resourceVersion").asText());
            }
        }
        versions.put(
                "pgc/idle",
                ns.get("pgc", "idle").at("/metadata/resourceVersion").asText());
        return versions;
    }
}

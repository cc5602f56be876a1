package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens when waiting does not help; the operator is told to be less patient than by default. */
@ExtendWith(ApiServer.class)
@Tag(ApiServer.TIME)
@Order(Integer.MAX_VALUE - 1) // one change of the operator's environment, at the end
class PatienceApiTest {
    private static final Map<String, String> IMPATIENT = Map.of(
            "POSTGRES_OPERATOR_CREATION_TIMEOUT", "5s",
            "POSTGRES_OPERATOR_PRIMARY_UNAVAILABLE_TIMEOUT", "15s",
            "POSTGRES_OPERATOR_DELETION_TIMEOUT", "5s",
            "POSTGRES_OPERATOR_DEGRADED_AFTER", "2s",
            "POSTGRES_OPERATOR_NO_PRIMARY_AFTER", "2s");

    private final Namespace ns;

    PatienceApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator(IMPATIENT);
    }

    @Test
    @Acceptance({32, 33})
    void stuckCreationIsExplainedAndEndsByItself() {
        ApiServer.members().hold(ns.name());
        try {
            Cluster cluster =
                    ns.apply(Manifest.cluster("stuck").noTls().with("nowhere", "spec", "storage", "storageClass"));
            cluster.awaitPhase("Failed");
            assertThat(cluster.awaitCondition("Ready", "False", "CreatingTimeout")
                            .message())
                    .contains("data-stuck-0", "nowhere");
            ApiServer.members().release(ns.name());
            cluster.awaitPhase("Running");
        } finally {
            ApiServer.members().release(ns.name());
        }
    }

    @Test
    @Acceptance(36)
    void anUnreadyReplicaIsDegraded() {
        Cluster cluster =
                ns.apply(Manifest.cluster("partly").noTls().replicas(2)).awaitPhase("Running");
        String replica = cluster.status().at("/replicaPods/0").asText();
        ApiServer.members().setReady(ns.name(), replica, false);
        cluster.awaitPhase("Degraded");
        cluster.awaitEvent("ClusterDegraded");
        ApiServer.members().setReady(ns.name(), replica, true);
        cluster.awaitPhase("Running");
    }

    @Test
    @Acceptance(35)
    void anOutageIsRecoveringThenFailed() {
        Cluster cluster =
                ns.apply(Manifest.cluster("outage").noTls().replicas(2)).awaitPhase("Running");
        for (String pod : new String[] {"outage-0", "outage-1"}) {
            ApiServer.members().setReady(ns.name(), pod, false);
        }
        cluster.awaitPhase("Recovering", "Failed");
        cluster.awaitPhase("Failed");
        assertThat(cluster.events().stream().map(e -> e.getReason())).contains("ClusterRecovering");
        assertThat(cluster.condition("Ready")).satisfies(ready -> {
            assertThat(Objects.requireNonNull(ready).status()).isEqualTo("False");
            assertThat(ready.reason()).isEqualTo("PrimaryUnavailable");
        });
        for (String pod : new String[] {"outage-0", "outage-1"}) {
            ApiServer.members().setReady(ns.name(), pod, true);
        }
        cluster.awaitPhase("Running");
    }

    @Test
    @Acceptance(45)
    void aPodThatDoesNotEndDelaysDeletionOnlySoLong() {
        Cluster cluster = ns.apply(Manifest.cluster("sticky").noTls()).awaitPhase("Running");
        ns.kubectl(
                        "patch",
                        "pod",
                        "sticky-0",
                        "--type=merge",
                        "-p",
                        "{\"metadata\":{\"finalizers\":[\"example.com/stuck\"]}}")
                .orThrow();
        ns.kubectl("delete", "pgc", "sticky", "--wait=false").orThrow();
        cluster.awaitEvent("DeletionTimeout");
        cluster.awaitGone(Waiting.SHORT);
        ns.kubectl("patch", "pod", "sticky-0", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}")
                .orThrow();
    }
}

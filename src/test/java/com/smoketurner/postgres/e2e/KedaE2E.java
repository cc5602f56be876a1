package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Resources;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real KEDA scales a cluster by connections that stay where they are, and is removed before the cluster. */
@ExtendWith(EndToEnd.class)
@Tag("soak")
@Alone("namespaces cannot go while KEDA does not answer for its metrics")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KedaE2E {
    private static final String NAME = "swell";
    private static final String SELECTOR = Project.GROUP + "/cluster=" + NAME;
    private static final int LEAST = 2;
    private static final int THRESHOLD = 5;
    private static final int SESSIONS = 8;

    /** The primary, and one replica for each 5 of 8. */
    private static final int ENOUGH = 3;

    private final Namespace ns;
    private final Cluster cluster;

    KedaE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ns.lab()
                .load(Path.of(Command.of(List.of(
                                Project.file("lab/lab", "it compiles KEDA").toString(), "image", "keda"))
                        .run()
                        .orThrow()
                        .strip()));
        String keda = Resources.text("/e2e/keda.yaml").formatted(ns.name(), ns.name(), ns.name());
        ns.lab().kubectl(keda, List.of("apply", "-f", "-")).orThrow();
        ns.lab()
                .kubectl(
                        "",
                        List.of(
                                "wait",
                                "--for=condition=Available",
                                "apiservice/v1beta1.external.metrics.k8s.io",
                                "--timeout=" + Waiting.LONG.toSeconds() + "s"))
                .orThrow();
        ns.apply(Manifest.cluster(NAME)
                        .replicas(LEAST)
                        .spec(
                                "scaling",
                                Map.of(
                                        "enabled",
                                        true,
                                        "minReplicas",
                                        LEAST,
                                        "maxReplicas",
                                        5,
                                        "connectionThreshold",
                                        THRESHOLD,
                                        "pollingInterval",
                                        5,
                                        "scaleDownStabilization",
                                        0)))
                .awaitPhase("Running");
    }

    /** What reaches the API server by way of KEDA keeps namespaces from going when it does not answer. */
    @AfterAll
    void removeKeda() {
        ns.lab()
                .kubectl(
                        "",
                        List.of(
                                "delete",
                                "--ignore-not-found",
                                "apiservice/v1beta1.external.metrics.k8s.io",
                                "clusterrolebinding/keda",
                                "clusterrolebinding/keda-external-metrics",
                                "clusterrole/keda-external-metrics",
                                "namespace/keda",
                                "--wait=false"));
    }

    private void awaitMembers(int count) {
        Waiting.until(
                NAME + " runs with " + count + " members",
                Waiting.LONG,
                cluster::status,
                status -> status.path("phase").asText().equals("Running")
                        && status.path("replicas").asInt() == count
                        && status.path("readyReplicas").asInt() == count
                        && cluster.pods().size() == count);
    }

    private List<JsonNode> autoscalers() {
        return Json.list(Json.parse(
                        ns.kubectl("get", "hpa", "-l", SELECTOR, "-o", "json").orThrow())
                .path("items"));
    }

    private String sessions(String member) {
        return cluster.sql(member, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'idle'");
    }

    @Test
    @Order(1)
    @Acceptance({141, 142, 143})
    void connectionsThatStayAddAsManyMembersAsTheyNeed() {
        String leader = Failover.leader(cluster);
        String replica = NAME + (leader.equals(NAME + "-0") ? "-1" : "-0");
        Waiting.until("KEDA has made the autoscaler", Waiting.LONG, this::autoscalers, found -> found.size() == 1);
        try (var writer = Writer.start(cluster, leader, null)) {
            cluster.exec(
                            replica,
                            "sh",
                            "-c",
                            "for i in $(seq %d); do PGAPPNAME=idle PGPASSWORD=%s setsid psql -h 127.0.0.1 -U postgres -Xc 'SELECT pg_sleep(86400)' >/dev/null 2>&1 & done"
                                    .formatted(SESSIONS, cluster.credential("password")))
                    .orThrow();
            Waiting.until(
                    "the sessions are there", Waiting.SHORT, () -> sessions(replica), String.valueOf(SESSIONS)::equals);
            awaitMembers(ENOUGH);
            // More rounds of the autoscaler than a number that grows needs for its next step.
            Instant later = Instant.now().plusSeconds(150);
            Waiting.until("the autoscaler has looked again and again", Waiting.LONG, Instant::now, later::isBefore);
            assertThat(ns.get("sts", NAME).at("/spec/replicas").asInt())
                    .as("the connections have not moved")
                    .isEqualTo(ENOUGH);
            assertThat(sessions(replica)).isEqualTo(String.valueOf(SESSIONS));
            cluster.awaitCondition("AutoscalingActive", "True", "ScaledObjectApplied");
            assertThat(Integer.parseInt(cluster.sql(
                            replica,
                            "SELECT count(*) FROM pg_stat_activity WHERE usename = 'postgres_operator_monitor'")))
                    .as("connections of KEDA")
                    .isBetween(1, 3);

            cluster.sql(
                    replica, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'idle'");
            awaitMembers(LEAST);
            assertThat(Failover.leader(cluster)).as("it was not removed").isEqualTo(leader);
            writer.stop().judge(writer.stored(leader)).orThrow();
        }
    }

    @Test
    @Order(2)
    void withKedaGoneTheClusterGoesAllTheSame() {
        removeKeda();
        Waiting.until(
                "KEDA is gone",
                Waiting.LONG,
                () -> ns.client().namespaces().withName("keda").get() == null,
                Boolean::booleanValue);
        assertThat(ns.get("scaledobject", NAME + "-scaledobject")
                        .at("/metadata/finalizers")
                        .toString())
                .contains("finalizer.keda.sh");
        ns.kubectl("delete", "pgc", NAME, "--wait=false").orThrow();
        cluster.awaitEvent("KedaFinalizerRemoved");
        cluster.awaitGone(Waiting.LONG);
        assertThat(ns.get("scaledobject", NAME + "-scaledobject").isMissingNode())
                .isTrue();
    }
}

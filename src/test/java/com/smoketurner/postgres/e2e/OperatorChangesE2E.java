package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Images;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What running clusters do when the operator is configured otherwise. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Alone("the operator is configured otherwise")
class OperatorChangesE2E {
    private static final String IMAGE = "POSTGRES_OPERATOR_IMAGE_16";
    private static final String PATIENCE = "POSTGRES_OPERATOR_STUCK_CHANGE_TIMEOUT";
    private static final String RESIZE = "POSTGRES_OPERATOR_IN_PLACE_RESIZE";

    private final Operator operator;
    private final Cluster first;
    private final Cluster second;

    OperatorChangesE2E(Namespace ns) {
        operator = new Operator(ns.lab(), ns.client());
        first = ns.cluster("early");
        second = ns.cluster("late");
    }

    @BeforeAll
    void create() {
        first.namespace().lab().load(Images.previousArchive());
        operator.set(IMAGE + "=" + Images.postgresPrevious());
        for (Cluster cluster : List.of(first, second)) {
            cluster.namespace()
                    .apply(Manifest.cluster(cluster.name())
                            .replicas(2)
                            .spec(
                                    "resources",
                                    Map.of(
                                            "requests", Map.of("cpu", "50m", "memory", "64Mi"),
                                            "limits", Map.of("memory", "1Gi"))));
        }
        first.awaitPhase("Running");
        second.awaitPhase("Running");
    }

    @AfterAll
    void restore() {
        operator.set(IMAGE + "-", RESIZE + "-", PATIENCE + "-");
    }

    private static void awaitRelease(Cluster cluster, String release) {
        Waiting.until(
                cluster.name() + " runs " + release,
                Waiting.LONG,
                cluster::status,
                status -> status.path("serverVersion").asText().equals(release)
                        && status.path("phase").asText().equals("Running")
                        && status.path("all_pods_synced").asBoolean());
    }

    private static List<String> starts(Cluster cluster) {
        return cluster.pods().stream()
                .map(p -> p.getMetadata().getCreationTimestamp())
                .sorted()
                .toList();
    }

    @Test
    @Order(1)
    @Acceptance(86)
    void aNewImageIsTakenByOneClusterAfterTheOther() {
        awaitRelease(first, "16.14");
        awaitRelease(second, "16.14");
        operator.set(IMAGE + "-");
        awaitRelease(first, "16.15");
        awaitRelease(second, "16.15");
        boolean firstBefore = starts(first).getLast().compareTo(starts(second).getFirst()) <= 0;
        boolean secondBefore = starts(second).getLast().compareTo(starts(first).getFirst()) <= 0;
        assertThat(firstBefore || secondBefore)
                .as("%s, %s", starts(first), starts(second))
                .isTrue();
    }

    @Test
    @Order(2)
    @Acceptance(83)
    void whereNodesCannotResizePodsAreMadeAnew() {
        List<String> before = uids();
        // What the operator finds out by itself where the API server is older than 1.35.
        operator.set(RESIZE + "=false");
        Waiting.until("resizes are not told of", Waiting.LONG, first::status, status -> !status.has("resize_status"));
        assertThat(uids()).as("the setting alone recreates no pod").isEqualTo(before);
        first.patch("{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"70m\"}}}}");
        Waiting.until(
                "every pod has the new request",
                Waiting.LONG,
                first::pods,
                pods -> pods.size() == 2
                        && pods.stream()
                                .map(p -> p.getSpec().getContainers().getFirst())
                                .allMatch(c -> new Quantity("70m")
                                        .equals(c.getResources().getRequests().get("cpu"))));
        first.awaitPhase("Running");
        assertThat(uids()).doesNotContainAnyElementsOf(before);
    }

    @Test
    @Order(3)
    @Acceptance(73)
    void aMemberThatDoesNotComeBackStopsTheChange() {
        operator.set(PATIENCE + "=20s");
        second.awaitPhase("Running");
        String leader = Failover.leader(second);
        String start = second.sql(leader, "SELECT pg_postmaster_start_time()");
        // Only a start finds out that there is no such group.
        second.patch("{\"spec\":{\"postgresqlParams\":{\"unix_socket_group\":\"nosuch\"}}}");
        var stopped = second.awaitCondition("Progressing", "False", "Failed");
        assertThat(stopped.message()).contains("did not become ready", "late-");
        second.awaitPhase("Degraded");
        assertThat(Failover.leader(second)).isEqualTo(leader);
        assertThat(second.sql(leader, "SELECT pg_postmaster_start_time()"))
                .as("the primary is left alone")
                .isEqualTo(start);
        second.patch("{\"spec\":{\"postgresqlParams\":null}}");
        second.awaitPhase("Running");
    }

    private List<String> uids() {
        return first.pods().stream().map(p -> p.getMetadata().getUid()).toList();
    }
}

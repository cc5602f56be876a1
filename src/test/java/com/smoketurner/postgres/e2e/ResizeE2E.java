package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PatroniRecords;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Other resources for members that run, where nodes give them to running pods; elsewhere OperatorChangesE2E and EditsE2E. */
@ExtendWith(EndToEnd.class)
@Tag("resize-in-place")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ResizeE2E {
    private static final String NAME = "sized";

    private final Cluster cluster;

    ResizeE2E(Namespace ns) {
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        cluster.namespace()
                .apply(Manifest.cluster(NAME)
                        .replicas(3)
                        .spec(
                                "resources",
                                Map.of(
                                        "requests", Map.of("cpu", "50m", "memory", "128Mi"),
                                        "limits", Map.of("cpu", "2", "memory", "1Gi"))))
                .awaitPhase("Running");
    }

    private void request(String resource, String amount) {
        cluster.patch("{\"spec\":{\"resources\":{\"requests\":{\"%s\":\"%s\"}}}}".formatted(resource, amount));
    }

    private <T> Map<String, T> byPod(Function<Pod, T> value) {
        return cluster.pods().stream()
                .collect(Collectors.toMap(p -> p.getMetadata().getName(), value, (a, b) -> a, TreeMap::new));
    }

    private Map<String, String> uids() {
        return byPod(p -> p.getMetadata().getUid());
    }

    private Map<String, Integer> restarts() {
        return byPod(p -> server(p).getRestartCount());
    }

    private static ContainerStatus server(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst();
    }

    private void awaitAllocated(String resource, String amount) {
        Waiting.until(
                "every node has given " + amount + " of " + resource,
                Waiting.LONG,
                () -> byPod(p -> given(p, resource)),
                amounts -> amounts.size() == 3 && amounts.values().stream().allMatch(amount::equals));
        awaitSynced();
    }

    /** What the node has given; empty while the pod has none. */
    private static String given(Pod pod, String resource) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(ContainerStatus::getResources)
                .filter(Objects::nonNull)
                .map(resources -> String.valueOf(resources.getRequests().get(resource)))
                .findFirst()
                .orElse("");
    }

    private void awaitSynced() {
        Waiting.until(
                "the status is at its end",
                Waiting.LONG,
                cluster::json,
                json -> json.at("/status/phase").asText().equals("Running")
                        // Nodes may be quicker than the status, which then still is that of the former spec.
                        && json.at("/status/observedGeneration").asLong()
                                == json.at("/metadata/generation").asLong()
                        && json.at("/status/all_pods_synced").asBoolean()
                        && states(json.path("status"))
                                .equals(List.of("NotInProgress", "NotInProgress", "NotInProgress")));
    }

    private static List<String> states(JsonNode status) {
        return Json.list(status.path("resize_status")).stream()
                .map(entry -> entry.path("status").asText())
                .toList();
    }

    @Test
    @Order(1)
    @Acceptance({79, 80, 85})
    void processorsComeWithoutARestart() {
        Map<String, String> uids = uids();
        assertThat(restarts().values()).containsOnly(0);
        assertThat(Json.list(cluster.namespace().get("sts", NAME).at("/spec/template/spec/containers/0/resizePolicy")))
                .extracting(policy -> policy.path("resourceName").asText() + " "
                        + policy.path("restartPolicy").asText())
                .containsExactlyInAnyOrder("cpu NotRequired", "memory RestartContainer");
        request("cpu", "100m");
        awaitAllocated("cpu", "100m");
        assertThat(uids()).isEqualTo(uids);
        assertThat(restarts().values()).containsOnly(0);
        JsonNode entry = cluster.status().path("resize_status").get(0);
        assertThat(entry.path("allocated_cpu").asText()).isEqualTo("100m");
        assertThat(entry.path("allocated_memory").asText()).isEqualTo("128Mi");
        cluster.awaitEvent("ResizeCompleted");
    }

    @Test
    @Order(2)
    @Acceptance(81)
    void memoryRestartsContainersOneByOne() {
        Map<String, String> uids = uids();
        String leader = Failover.leader(cluster);
        long switchovers = transitions();
        request("memory", "192Mi");
        awaitAllocated("memory", "192Mi");
        assertThat(uids()).isEqualTo(uids);
        assertThat(restarts().values()).containsOnly(1);
        assertThat(transitions() - switchovers).as("switchovers").isEqualTo(1);
        assertThat(byPod(p -> server(p).getState().getRunning().getStartedAt()).entrySet())
                .as("the former primary came last")
                .allMatch(started -> started.getValue().compareTo(startOf(leader)) <= 0);
    }

    private String startOf(String pod) {
        return Objects.requireNonNull(
                byPod(p -> server(p).getState().getRunning().getStartedAt()).get(pod));
    }

    private long transitions() {
        return Long.parseLong(PatroniRecords.read(
                cluster.namespace().client(), cluster.namespace().name(), NAME, "transitions"));
    }

    @Test
    @Order(3)
    @Acceptance(82)
    void whatNoNodeCanGive() {
        Map<String, String> uids = uids();
        cluster.patch("{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"900\"},\"limits\":{\"cpu\":\"900\"}}}}");
        cluster.awaitEvent("ResizeInfeasible");
        Map<String, String> after = Waiting.until(
                "one replica is recreated", Waiting.LONG, this::uids, now -> now.size() == 3 && !now.equals(uids));
        assertThat(after.entrySet())
                .as("the others stay: one is enough to be without")
                .filteredOn(pod -> pod.getValue().equals(uids.get(pod.getKey())))
                .hasSize(2);
        assertThat(cluster.sql(Failover.leader(cluster), "SELECT 1")).isEqualTo("1");
        cluster.patch("{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"100m\"},\"limits\":{\"cpu\":\"2\"}}}}");
        awaitAllocated("cpu", "100m");
    }

    @Test
    @Order(4)
    @Acceptance(84)
    void anotherClassOfServiceNeedsNewPods() {
        Map<String, String> uids = uids();
        cluster.patch("{\"spec\":{\"resources\":{\"limits\":{\"cpu\":\"100m\",\"memory\":\"192Mi\"}}}}");
        Waiting.until(
                "every pod is of the class Guaranteed",
                Waiting.LONG,
                () -> byPod(p -> p.getStatus().getQosClass()),
                classes -> classes.size() == 3 && classes.values().stream().allMatch("Guaranteed"::equals));
        awaitSynced();
        assertThat(uids().values()).doesNotContainAnyElementsOf(uids.values());
    }
}

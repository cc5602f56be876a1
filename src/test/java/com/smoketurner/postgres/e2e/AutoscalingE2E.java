package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.history.Writer;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Autoscaling without KEDA, whose kinds alone are there. Its part is played by the test: it makes of the ScaledObject the
 * HorizontalPodAutoscaler that KEDA would make, which the controller of Kubernetes and metrics-server then work with, or changes the
 * StatefulSet's scale itself. {@code KedaE2E} does the same with the real one.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AutoscalingE2E {
    private static final String NAME = "tide";
    private static final String SELECTOR = Project.GROUP + "/cluster=" + NAME;
    private static final String BEHAVIOR = "/spec/advanced/horizontalPodAutoscalerConfig/behavior";
    private static final int LEAST = 2;
    private static final int MOST = 4;

    private final Cluster cluster;
    private final Namespace ns;

    AutoscalingE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME)
                        .replicas(LEAST)
                        .spec("resources", Map.of("requests", Map.of("cpu", "150m", "memory", "64Mi")))
                        .spec(
                                "scaling",
                                Map.of(
                                        "enabled",
                                        true,
                                        "minReplicas",
                                        LEAST,
                                        "maxReplicas",
                                        MOST,
                                        "cpuTargetUtilization",
                                        70,
                                        "scaleDownStabilization",
                                        0,
                                        "lagThresholdBytes",
                                        1_000_000)))
                .awaitPhase("Running");
    }

    private JsonNode scaledObject() {
        return ns.get("scaledobject", NAME + "-scaledobject");
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

    /** What KEDA does with its scale target. */
    private void scale(int members) {
        ns.kubectl("scale", "sts", NAME, "--replicas=" + members).orThrow();
    }

    private void awaitSelectPolicy(String direction, String policy) {
        Waiting.until(
                "the policy for %s is %s".formatted(direction, policy),
                Waiting.SHORT,
                () -> scaledObject()
                        .at(BEHAVIOR + "/" + direction + "/selectPolicy")
                        .asText(),
                policy::equals);
    }

    /** What KEDA 2.18 makes of a ScaledObject with a CPU trigger of one container. */
    private void makeAutoscaler() {
        JsonNode made = scaledObject();
        JsonNode cpu = made.at("/spec/triggers/0/metadata");
        ObjectNode autoscaler = (ObjectNode) Json.tree(Map.of(
                "apiVersion",
                "autoscaling/v2",
                "kind",
                "HorizontalPodAutoscaler",
                "metadata",
                Map.of("name", "keda-hpa-" + NAME + "-scaledobject"),
                "spec",
                Map.of(
                        "minReplicas",
                        made.at("/spec/minReplicaCount").asInt(),
                        "maxReplicas",
                        made.at("/spec/maxReplicaCount").asInt(),
                        "metrics",
                        List.of(Map.of(
                                "type",
                                "ContainerResource",
                                "containerResource",
                                Map.of(
                                        "name",
                                        "cpu",
                                        "container",
                                        cpu.path("containerName").asText(),
                                        "target",
                                        Map.of(
                                                "type",
                                                "Utilization",
                                                "averageUtilization",
                                                cpu.path("value").asInt())))))));
        ((ObjectNode) autoscaler.path("metadata")).set("labels", made.at("/metadata/labels"));
        ObjectNode spec = (ObjectNode) autoscaler.path("spec");
        spec.set("scaleTargetRef", made.at("/spec/scaleTargetRef"));
        spec.set("behavior", made.at(BEHAVIOR));
        ns.apply(autoscaler.toString());
    }

    /** About half a processor, however fast it is, in a session that can be found again. */
    private void load(String member) {
        String busy =
                "SET application_name = 'load'; DO $$ DECLARE began timestamptz; BEGIN LOOP began := clock_timestamp();"
                        + " WHILE clock_timestamp() < began + interval '20 ms' LOOP PERFORM count(*) FROM generate_series(1, 1000); END LOOP;"
                        + " PERFORM pg_sleep(0.02); END LOOP; END $$";
        cluster.exec(
                        member,
                        "sh",
                        "-c",
                        "setsid psql -U postgres -Xc \"" + busy.replace("$", "\\$") + "\" >/dev/null 2>&1 &")
                .orThrow();
        Waiting.until("the load is there", Waiting.SHORT, () -> loads(member), "1"::equals);
    }

    private String loads(String member) {
        return cluster.sql(member, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'load'");
    }

    private void unload(String member) {
        cluster.sql(member, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'load'");
    }

    @Test
    @Order(1)
    @Acceptance({140, 142, 143})
    void loadAddsMembersAndItsEndRemovesThem() {
        String leader = Failover.leader(cluster);
        String replica = NAME + (leader.equals(NAME + "-0") ? "-1" : "-0");
        cluster.awaitCondition("AutoscalingActive", "True", "ScaledObjectApplied");
        makeAutoscaler();
        assertThat(ns.kubectl("get", "hpa", "-l", SELECTOR, "-o", "name").orThrow())
                .contains("keda-hpa-tide-scaledobject");
        try (var writer = Writer.start(cluster, leader, null)) {
            load(replica);
            awaitMembers(MOST);
            assertThat(ns.get("pdb", NAME + "-pdb").at("/spec/minAvailable").asInt())
                    .isEqualTo(MOST - 1);
            unload(replica);
            awaitMembers(LEAST);
            ns.kubectl("delete", "hpa", "-l", SELECTOR).orThrow();
            assertThat(Failover.leader(cluster)).as("it was not removed").isEqualTo(leader);
            writer.stop().judge(writer.stored(leader)).orThrow();
        }
    }

    @Test
    @Order(2)
    @Acceptance({143, 147})
    void aPrimaryThatMayBeRemovedReturns() {
        scale(MOST);
        awaitMembers(MOST);
        Failover.awaitStreaming(cluster, MOST - 1);
        String last = NAME + "-" + (MOST - 1);
        cluster.exec(Failover.leader(cluster), "patronictl", "switchover", NAME, "--candidate", last, "--force")
                .orThrow();
        Waiting.until(
                "the primary is one of the first again",
                Waiting.LONG,
                () -> Failover.leader(cluster),
                leader -> List.of(NAME + "-0", NAME + "-1").contains(leader));
        awaitSelectPolicy("scaleDown", "Max");
        awaitMembers(MOST);
        assertThat(cluster.events())
                .anySatisfy(event -> assertThat(event.getMessage())
                        .startsWith("switching over from " + last)
                        .endsWith(": the autoscaler may remove it"));
        scale(LEAST);
        awaitMembers(LEAST);
    }

    @Test
    @Order(3)
    @Acceptance(150)
    void aLaggingReplicaPausesScalingOut() {
        String leader = Failover.leader(cluster);
        String replica = NAME + (leader.equals(NAME + "-0") ? "-1" : "-0");
        String annotation = "/metadata/annotations/autoscaling.keda.sh~1paused-scale-out";
        // Patroni resumes a replay that somebody paused, unless it is paused itself.
        cluster.exec(replica, "patronictl", "pause", "--wait").orThrow();
        cluster.sql(replica, "SELECT pg_wal_replay_pause()");
        cluster.sql(leader, "CREATE TABLE wave AS SELECT generate_series(1, 100000) n");
        Waiting.until(
                "scaling out is paused",
                Waiting.SHORT,
                () -> scaledObject().at(annotation).asText(),
                "true"::equals);
        awaitSelectPolicy("scaleUp", "Disabled");
        assertThat(scaledObject().at(BEHAVIOR + "/scaleDown/selectPolicy").asText())
                .as("members may be removed")
                .isEqualTo("Max");
        assertThat(cluster.awaitCondition("AutoscalingActive", "False", "ScaleOutPaused")
                        .message())
                .isEqualTo("no members are added while %s is too far behind".formatted(replica));
        cluster.awaitEvent("ScaleOutPaused");

        cluster.sql(replica, "SELECT pg_wal_replay_resume()");
        cluster.exec(replica, "patronictl", "resume", "--wait").orThrow();
        awaitSelectPolicy("scaleUp", "Max");
        assertThat(scaledObject().at(annotation).isMissingNode()).isTrue();
        cluster.awaitEvent("ScaleOutResumed");
    }

    /** Every member is asked as KEDA asks it, from another pod, with the parameters of its trigger and the role's password. */
    @Test
    @Order(4)
    @Acceptance(141)
    void theSumOfConnections() {
        cluster.patch("{\"spec\":{\"scaling\":{\"cpuTargetUtilization\":null,\"connectionThreshold\":100}}}");
        JsonNode triggers = Waiting.until(
                "every member has a trigger",
                Waiting.SHORT,
                () -> scaledObject().at("/spec/triggers"),
                found -> found.size() == LEAST
                        && found.get(0).path("type").asText().equals("postgresql"));
        ClientPod keda = ClientPod.start(ns, "keda");
        String leader = Failover.leader(cluster);
        String replica = NAME + (leader.equals(NAME + "-0") ? "-1" : "-0");
        List<String> answers = new ArrayList<>();
        for (JsonNode trigger : triggers) {
            JsonNode metadata = trigger.path("metadata");
            String host = metadata.path("host").asText();
            String connection = "host=%s port=%s user=%s dbname=%s sslmode=%s"
                    .formatted(
                            host,
                            metadata.path("port").asText(),
                            ns.secret(NAME + "-monitoring", "username"),
                            metadata.path("dbName").asText(),
                            metadata.path("sslmode").asText());
            // The role is made when the servers are told of it. No client is there but Patroni, over the socket.
            boolean leads = host.startsWith(leader + ".");
            keda.awaitAnswer(
                    connection,
                    ns.secret(NAME + "-monitoring", "password"),
                    metadata.path("query").asText(),
                    leads ? "100" : "0");
            answers.add(leads ? "primary" : "replica");
            if (!leads) {
                cluster.exec(
                                replica,
                                "sh",
                                "-c",
                                "PGAPPNAME=load PGPASSWORD=%s setsid psql -h 127.0.0.1 -U postgres -Xc 'SELECT pg_sleep(86400)' >/dev/null 2>&1 &"
                                        .formatted(cluster.credential("password")))
                        .orThrow();
                keda.awaitAnswer(
                        connection,
                        ns.secret(NAME + "-monitoring", "password"),
                        metadata.path("query").asText(),
                        "1");
                unload(replica);
            }
        }
        assertThat(answers).containsExactlyInAnyOrder("primary", "replica");
        assertThat(scaledObject().at("/spec/advanced/scalingModifiers/formula").asText())
                .isEqualTo("member_0 + member_1");
    }

    @Test
    @Order(5)
    @Acceptance(144)
    void switchedOffTheNumberIsThatOfTheSpecAgain() {
        scale(LEAST + 1);
        awaitMembers(LEAST + 1);
        cluster.patch("{\"spec\":{\"scaling\":{\"enabled\":false}}}");
        awaitMembers(LEAST);
        assertThat(scaledObject().isMissingNode()).isTrue();
        assertThat(ns.get("triggerauthentication", NAME + "-pg-auth").isMissingNode())
                .isTrue();
        cluster.awaitCondition("AutoscalingActive", "False", "ScalingDisabled");
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.history.Failover;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
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

/** Who reaches whom under the network policy of a cluster, tried with connections between real pods. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NetworkPolicyE2E {
    private static final String NAME = "fenced";
    private static final String POSTGRESQL = "5432";
    private static final String PATRONI = "8008";

    /** A server that listens: what does not reach it is held back by a policy. */
    private static final String STORE = "s3.s3.svc.cluster.local";

    private final Namespace ns;
    private final Namespace guests;
    private final Namespace others;
    private final Cluster cluster;
    private ClientPod friend;
    private ClientPod stranger;

    @SuppressWarnings("NullAway.Init") // the pods start before the first test
    NetworkPolicyE2E(Namespace ns) {
        this.ns = ns;
        guests = Namespace.create(ns.lab(), ns.client(), "guests", Map.of());
        others = Namespace.create(ns.lab(), ns.client(), "others", Map.of());
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME)
                .replicas(2)
                .spec(
                        "networkPolicy",
                        Map.of(
                                "allowFromPodSelector", Map.of("app", "friend"),
                                "allowFromNamespaces", List.of(guests.name()),
                                "denyEgress", true)));
        friend = ClientPod.start(ns, "friend");
        stranger = ClientPod.start(ns, "stranger");
        ns.kubectl("label", "pod", "friend", "app=friend").orThrow();
        cluster.awaitPhase("Running");
        Waiting.until(
                "each member has reached the API server under the rules",
                Waiting.SHORT,
                () -> ns.get("networkpolicy", NAME + "-network-policy")
                        .path("metadata")
                        .path("annotations")
                        .path(Project.GROUP + "/egress-trial")
                        .asText(),
                trial -> trial.endsWith(" passed"));
        cluster.awaitCondition("NetworkPolicyApplied", "True", "NetworkPolicyInForce");
    }

    @AfterAll
    void delete() {
        guests.delete();
        others.delete();
    }

    private String member(int ordinal) {
        return cluster.pods().get(ordinal).getStatus().getPodIP();
    }

    private static String[] connect(String host, String port) {
        return new String[] {
            "python3", "-c", "import socket; socket.create_connection((\"%s\", %s), 5)".formatted(host, port)
        };
    }

    private static boolean reaches(ClientPod from, String host, String port) {
        return from.exec(connect(host, port)).ok();
    }

    private boolean memberReaches(int ordinal, String host, String port) {
        return cluster.exec(NAME + "-" + ordinal, connect(host, port)).ok();
    }

    /** A policy takes effect for a new pod a moment after it runs. */
    private static void await(ClientPod from, String host, String port, boolean wanted) {
        Waiting.until(
                "%s reaches %s:%s: %s".formatted(from.name(), host, port, wanted),
                Waiting.SHORT,
                () -> reaches(from, host, port),
                reached -> reached == wanted);
    }

    @Test
    @Order(1)
    void clientsThatTheSpecNamesReachPostgresqlAndNothingElse() {
        await(friend, member(0), POSTGRESQL, true);
        await(stranger, member(0), POSTGRESQL, false);
        ClientPod guest = ClientPod.start(guests, "guest");
        ClientPod other = ClientPod.start(others, "other");
        await(guest, member(1), POSTGRESQL, true);
        await(other, member(1), POSTGRESQL, false);
        for (ClientPod pod : List.of(friend, stranger, guest, other)) {
            assertThat(reaches(pod, member(0), PATRONI)).as(pod.name()).isFalse();
        }
    }

    @Test
    @Order(2)
    @Acceptance(136)
    void membersReachWhatTheyNeedAndNothingElse() {
        assertThat(memberReaches(0, member(1), POSTGRESQL)).isTrue();
        assertThat(memberReaches(1, member(0), PATRONI)).isTrue();
        assertThat(reaches(friend, STORE, "443")).as("the store listens").isTrue();
        assertThat(memberReaches(0, STORE, "443")).isFalse();
        assertThat(cluster.exec(NAME + "-0", "getent", "hosts", STORE).ok())
                .as("DNS")
                .isTrue();

        String before = cluster.primary();
        cluster.sql(before, "CREATE TABLE kept AS SELECT 1 AS id");
        ns.kubectl("delete", "pod", before, "--wait=false").orThrow();
        cluster.awaitPrimaryOtherThan(before);
        Failover.awaitStreaming(cluster, 1);
        assertThat(cluster.sql(cluster.primary(), "SELECT id FROM kept")).isEqualTo("1");
        cluster.awaitPhase("Running");
    }

    @Test
    @Order(3)
    void rulesUnderWhichAMemberLosesTheApiServerAreTakenBack() {
        deny(false);
        Waiting.until("the rules are gone", Waiting.SHORT, this::closed, closed -> !closed);
        Pod replica = cluster.replicas().getFirst();
        ns.lab().cutFromApiServer(replica);
        try {
            deny(true);
            var condition = cluster.awaitCondition("NetworkPolicyApplied", "False", "EgressTakenBack");
            assertThat(condition.message()).contains("denyEgress");
            assertThat(cluster.awaitEvent("EgressTakenBack").getMessage())
                    .contains(replica.getMetadata().getName());
            assertThat(closed()).isFalse();
        } finally {
            ns.lab().reconnect(replica);
        }
        deny(false);
        cluster.awaitCondition("NetworkPolicyApplied", "True", "NetworkPolicyInForce");
        deny(true);
        Waiting.until("the rules are in force", Waiting.SHORT, this::closed, closed -> closed);
        cluster.patch("{\"spec\":{\"networkPolicy\":null}}");
        Waiting.until(
                "the policy is gone",
                Waiting.SHORT,
                () -> ns.get("networkpolicy", NAME + "-network-policy"),
                policy -> policy.isMissingNode());
        await(stranger, member(0), PATRONI, true);
    }

    private void deny(boolean egress) {
        cluster.patch("{\"spec\":{\"networkPolicy\":{\"denyEgress\":%s}}}".formatted(egress));
    }

    private boolean closed() {
        return ns.get("networkpolicy", NAME + "-network-policy")
                .at("/spec/policyTypes")
                .toString()
                .contains("Egress");
    }

    @Test
    @Order(4)
    @Acceptance(211)
    void theSampleAdmitsLabelledClientsAndWhatAClusterNeeds() {
        ns.kubectl(
                        "apply",
                        "-f",
                        Project.file("config/samples/networkpolicy-postgresql.yaml", "use a complete checkout")
                                .toString())
                .orThrow();
        await(stranger, member(0), POSTGRESQL, false);
        ns.kubectl("label", "pod", "stranger", Project.GROUP + "/client=true").orThrow();
        await(stranger, member(0), POSTGRESQL, true);
        assertThat(reaches(stranger, member(0), PATRONI)).isFalse();
        assertThat(memberReaches(0, member(1), PATRONI)).isTrue();
        String before = cluster.primary();
        ns.kubectl("annotate", "pgc", NAME, Project.GROUP + "/switchover=auto").orThrow();
        cluster.awaitPrimaryOtherThan(before);
        Failover.awaitStreaming(cluster, 1);
    }
}

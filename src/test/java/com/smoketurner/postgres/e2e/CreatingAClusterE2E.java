package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.PhaseWatch;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** The first manifests of the guide, as they stand there, in namespace default; and at the end its deletion. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CreatingAClusterE2E {
    private static final String ISSUER = """
            # Create a self-signed ClusterIssuer (for development)
            apiVersion: cert-manager.io/v1
            kind: ClusterIssuer
            metadata:
              name: selfsigned-issuer
            spec:
              selfSigned: {}
            """;
    private static final String CLUSTER = """
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresCluster
            metadata:
              name: my-cluster
              namespace: default
            spec:
              version: "16"
              replicas: 3
              storage:
                size: 100Gi
                storageClass: fast-ssd
              tls:
                issuerRef:
                  name: selfsigned-issuer
                  kind: ClusterIssuer
            """;
    private static final String LABEL = Project.GROUP + "/cluster=my-cluster";
    private static final int MEMBERS = 3;

    private final Namespace ns;
    private final Cluster cluster;
    private final Operator operator;
    private final PhaseWatch phases;

    CreatingAClusterE2E(Lab lab, KubernetesClient client) {
        this.ns = new Namespace(lab, client, "default");
        this.cluster = ns.cluster("my-cluster");
        this.operator = new Operator(lab, client);
        this.phases = new PhaseWatch(cluster);
    }

    @BeforeAll
    void apply() {
        ns.apply(ISSUER);
        ns.apply(CLUSTER);
    }

    @Test
    @Order(1)
    @Acceptance({20, 21, 24})
    void becomesRunning() {
        cluster.awaitPhase("Running");
        assertThat(cluster.status().path("readyReplicas").asInt()).isEqualTo(MEMBERS);
        Waiting.untilAsserted("phases are seen", Waiting.SHORT, () -> {
            assertThat(phases.seen()).last().isEqualTo("Running");
            assertThat(phases.seen()).isSubsetOf("Pending", "Creating", "Running");
        });
        ns.kubectl("wait", "--for=condition=Ready", "pgc/my-cluster", "--timeout=60s")
                .orThrow();
    }

    @Test
    @Order(2)
    @Acceptance({22, 23})
    void isListedAndDescribed() {
        String described = ns.kubectl("describe", "pgc", "my-cluster").orThrow();
        assertThat(described).contains("ClusterCreating", "ClusterReady");
        assertThat(cluster.eventCount("ClusterCreating")).isEqualTo(1);
        assertThat(cluster.eventCount("ClusterReady")).isEqualTo(1);
        assertThat(ns.kubectl("get", "pods", "-l", LABEL, "-o", "name")
                        .orThrow()
                        .lines())
                .containsExactlyInAnyOrder("pod/my-cluster-0", "pod/my-cluster-1", "pod/my-cluster-2");
        assertThat(ns.kubectl("get", "pvc", "-l", LABEL, "-o", "name").orThrow().lines())
                .containsExactlyInAnyOrder(
                        "persistentvolumeclaim/data-my-cluster-0",
                        "persistentvolumeclaim/data-my-cluster-1",
                        "persistentvolumeclaim/data-my-cluster-2");
        assertThat(ns.kubectl("get", "pgc", "my-cluster", "-o", "wide").orThrow())
                .contains("Running", cluster.primary());
    }

    @Test
    @Order(2)
    @Acceptance(20)
    void everythingItConsistsOfExists() {
        assertThat(ns.kubectl("get", "sts,pdb,sa,role,rolebinding,cm,secret,svc,certificate", "-l", LABEL, "-o", "name")
                        .orThrow()
                        .lines()
                        .map(name -> name.replaceFirst("\\..*/", "/")))
                .contains(
                        "statefulset/my-cluster",
                        "poddisruptionbudget/my-cluster-pdb",
                        "serviceaccount/my-cluster-patroni",
                        "role/my-cluster-patroni",
                        "rolebinding/my-cluster-patroni",
                        "configmap/my-cluster-patroni-config",
                        "secret/my-cluster-credentials",
                        "secret/my-cluster-internal",
                        "secret/my-cluster-patroni",
                        "secret/my-cluster-tls",
                        "service/my-cluster",
                        "service/my-cluster-config",
                        "service/my-cluster-primary",
                        "service/my-cluster-repl",
                        "service/my-cluster-headless",
                        "certificate/my-cluster-tls");
    }

    @Test
    @Order(2)
    @Acceptance({30, 38})
    void statusTellsHowToConnect() {
        JsonNode info = cluster.status().path("connectionInfo");
        assertThat(info.path("primary").asText()).isEqualTo("my-cluster-primary.default.svc:5432");
        assertThat(info.path("replicas").asText()).isEqualTo("my-cluster-repl.default.svc:5432");
        assertThat(info.path("credentialsSecret").asText()).isEqualTo("my-cluster-credentials");
        assertThat(info.path("database").asText()).isEqualTo("postgres");
        // The server is asked for its release, and asked again if it did not answer in time.
        JsonNode live = Waiting.until(
                "the release is known",
                Waiting.SHORT,
                cluster::json,
                json -> json.at("/status/serverVersion").asText().startsWith("16."));
        assertThat(live.at("/status/observedGeneration").asInt())
                .isEqualTo(live.at("/metadata/generation").asInt());
        assertThat(live.at("/status/conditions"))
                .isNotEmpty()
                .allSatisfy(c -> assertThat(c.path("observedGeneration").asInt())
                        .isEqualTo(live.at("/metadata/generation").asInt()));
        assertThat(live.at("/status/currentVersion").asText()).isEqualTo("16");
        assertThat(live.at("/status/tlsEnabled").asBoolean()).isTrue();
        assertThat(live.at("/status/replicaPods")).hasSize(MEMBERS - 1);
    }

    @Test
    @Order(2)
    @Acceptance({28, 29})
    void serversAreConfiguredAsPromised() {
        String primary = cluster.primary();
        assertThat(cluster.sql(primary, "SHOW wal_level")).isEqualTo("logical");
        assertThat(cluster.sql(primary, "SHOW data_checksums")).isEqualTo("on");
        assertThat(cluster.sql(primary, "SHOW password_encryption")).isEqualTo("scram-sha-256");
        for (Pod pod : cluster.pods()) {
            String name = pod.getMetadata().getName();
            String found = cluster.sql(
                    name,
                    "SELECT string_agg(concat_ws(' ', type, array_to_string(database, ','), "
                            + "array_to_string(user_name, ','), address, netmask, auth_method), E'\\n' "
                            + "ORDER BY rule_number) FROM pg_hba_file_rules WHERE error IS NULL");
            assertThat(found.lines())
                    .as("pg_hba_file_rules of %s", name)
                    .containsExactly(
                            "local all all trust",
                            "local replication all trust",
                            "host all all 127.0.0.1 255.255.255.255 scram-sha-256",
                            "host all all ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff scram-sha-256",
                            "hostssl replication standby all scram-sha-256",
                            "hostssl postgres pgbouncer_auth all scram-sha-256",
                            "host all pgbouncer_auth all reject",
                            "hostnossl all all all reject",
                            "hostssl all all all scram-sha-256");
        }
    }

    @Test
    @Order(2)
    @Acceptance(125)
    void servicesPointToTheRightMembers() {
        String primary = cluster.primary();
        assertThat(endpoints("my-cluster-primary")).containsExactly(primary);
        Set<String> replicas = IntStream.range(0, MEMBERS)
                .mapToObj(i -> "my-cluster-" + i)
                .filter(name -> !name.equals(primary))
                .collect(Collectors.toSet());
        // Replicas are read from once the cluster has been Running.
        Waiting.until("readers find the replicas", Waiting.SHORT, () -> endpoints("my-cluster-repl"), replicas::equals);
        assertThat(ns.kubectl("get", "endpoints", "my-cluster", "-o", "yaml").orThrow())
                .contains("leader: " + primary);
    }

    private Set<String> endpoints(String service) {
        return ns
                .client()
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(ns.name())
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(e -> Boolean.TRUE.equals(e.getConditions().getReady()))
                .map(e -> e.getTargetRef().getName())
                .collect(Collectors.toSet());
    }

    @Test
    @Order(3)
    @Acceptance({124, 189})
    void anApplicationWritesOnThePrimaryAndReadsOnAReplica() {
        String password = cluster.credential("password");
        assertThat(password).hasSize(32).isNotEqualTo(cluster.credential("replication-password"));
        ClientPod client = ClientPod.start(ns, "guide-client");
        client.awaitAnswer("host=my-cluster-primary user=postgres", password, "SELECT 1", "1");
        client.psql(
                        cluster.credential("uri"),
                        password,
                        "CREATE TABLE guide (word text); INSERT INTO guide VALUES ('hello')")
                .orThrow();
        String readers = "host=my-cluster-repl user=postgres";
        client.awaitAnswer(readers, password, "SELECT word FROM guide", "hello");
        client.awaitAnswer(readers, password, "SELECT pg_is_in_recovery()", "t");
        ns.client().pods().inNamespace("default").withName("guide-client").delete();
    }

    @Test
    @Order(4)
    @Acceptance(10)
    void theOperatorsLogHoldsNoSecret() {
        String logs = operator.logs();
        for (String key : List.of("password", "replication-password")) {
            assertThat(logs).doesNotContain(cluster.credential(key));
        }
    }

    @Test
    @Order(9)
    @Acceptance({42, 43})
    void isDeletedAsTheGuideSays() {
        try (var deletion = new PhaseWatch(cluster)) {
            ns.kubectl("delete", "pgc", "my-cluster", "--timeout=120s").orThrow();
            Waiting.untilAsserted(
                    "the phase is seen",
                    Waiting.SHORT,
                    () -> assertThat(deletion.seen()).contains("Deleting"));
        }
        assertThat(cluster.json().isMissingNode()).isTrue();
        Waiting.until(
                "the children are gone",
                Duration.ofMinutes(2),
                () -> ns.kubectl(
                                "get", "sts,svc,pods,secret,cm,sa,pdb,endpoints,certificate", "-l", LABEL, "-o", "name")
                        .orThrow()
                        .replaceAll("(?m)^secret/my-cluster-tls$", "")
                        .strip(),
                String::isEmpty);
        for (String record : List.of("my-cluster", "my-cluster-config", "my-cluster-failover", "my-cluster-sync")) {
            assertThat(ns.get("endpoints", record).isMissingNode()).as(record).isTrue();
        }
        assertThat(ns.kubectl("get", "pvc", "-l", LABEL, "-o", "name").orThrow().lines())
                .hasSize(MEMBERS);
        ns.kubectl("delete", "pvc", "-l", LABEL, "--wait=false").orThrow();
    }
}

package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The objects of a cluster: what they say, that they come back, and that foreign hands do not change them. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChildrenApiTest {
    private static final String NAME = "family";
    private static final List<String> TYPES = List.of(
            "statefulset",
            "service",
            "secret",
            "configmap",
            "serviceaccount",
            "role",
            "rolebinding",
            "pdb",
            "certificate");

    private final Namespace ns;
    private final Cluster cluster;

    ChildrenApiTest(Namespace ns) {
        this.ns = ns;
        this.cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ApiServer.operator();
        ns.apply(Manifest.cluster(NAME)
                        .replicas(2)
                        .spec("labels", Map.of("team", "platform", Project.GROUP + "/cluster", "x")))
                .awaitPhase("Running");
    }

    private List<JsonNode> children(String type) {
        return ns.list(type, Project.GROUP + "/cluster=" + NAME).stream()
                .filter(o -> o.at("/metadata/ownerReferences/0/kind").asText().equals("PostgresCluster"))
                .toList();
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    /** What the operator decides of an object: everything but what the API server adds. */
    private static JsonNode content(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        ObjectNode meta = (ObjectNode) copy.get("metadata");
        meta.retain("name", "labels", "annotations");
        if (copy.get("spec") instanceof ObjectNode spec) {
            spec.remove(List.of("clusterIP", "clusterIPs"));
        }
        return copy;
    }

    @Test
    @Acceptance(15)
    void deletedChildrenComeBack() {
        for (String type : TYPES) {
            List<JsonNode> before = children(type);
            assertThat(before).as(type).isNotEmpty();
            for (JsonNode child : before) {
                if (List.of(NAME + "-credentials", NAME + "-internal").contains(name(child))) {
                    continue; // their deletion is a rotation, which takes PostgreSQL: shown end to end
                }
                ns.kubectl("delete", type, name(child)).orThrow();
                JsonNode back = Waiting.until(
                        type + " " + name(child) + " is back",
                        Waiting.SHORT,
                        () -> ns.get(type, name(child)),
                        now -> now.isObject()
                                && !now.at("/metadata/uid").equals(child.at("/metadata/uid"))
                                && now.at("/metadata/ownerReferences/0/kind")
                                        .asText()
                                        .equals("PostgresCluster"));
                assertThat(content(back)).as("%s %s", type, name(child)).isEqualTo(content(child));
            }
        }
        cluster.awaitPhase("Running");
    }

    @Test
    @Acceptance(16)
    void editedChildrenAreReverted() {
        reverted("service", NAME + "-primary", "{\"spec\":{\"selector\":{\"spilo-role\":\"replica\"}}}");
        reverted("service", NAME + "-repl", "{\"spec\":{\"type\":\"NodePort\"}}");
        reverted("configmap", NAME + "-patroni-config", "{\"data\":{\"patroni.yml\":\"scope: other\"}}");
        reverted("secret", NAME + "-patroni", "{\"stringData\":{\"secrets.yml\":\"{}\"}}");
        reverted("pdb", NAME + "-pdb", "{\"spec\":{\"minAvailable\":0}}");
        reverted("role", NAME + "-patroni", "{\"rules\":[]}");
        reverted("statefulset", NAME, "{\"spec\":{\"updateStrategy\":{\"type\":\"RollingUpdate\"}}}");
        reverted("statefulset", NAME, "{\"spec\":{\"replicas\":1}}");
        reverted("certificate", NAME + "-tls", "{\"spec\":{\"dnsNames\":[\"elsewhere\"]}}");
        reverted("service", NAME + "-headless", "{\"metadata\":{\"labels\":{\"app.kubernetes.io/name\":\"x\"}}}");
        cluster.awaitPhase("Running");
    }

    private void reverted(String type, String object, String patch) {
        JsonNode before = ns.get(type, object);
        String edited = ns.kubectl("patch", type, object, "--type=merge", "-p", patch, "-o", "json")
                .orThrow();
        assertThat(content(Json.parse(edited))).isNotEqualTo(content(before));
        Waiting.untilAsserted(
                type + " " + object + " is as before",
                Waiting.SHORT,
                () -> assertThat(content(ns.get(type, object))).isEqualTo(content(before)));
    }

    @Test
    @Acceptance({11, 12})
    void labelsAreOnEverything() {
        for (String type : TYPES) {
            assertThat(children(type)).as(type).isNotEmpty().allSatisfy(child -> {
                JsonNode labels = child.at("/metadata/labels");
                assertThat(labels.path("app.kubernetes.io/name").asText()).isEqualTo(NAME);
                assertThat(labels.path("app.kubernetes.io/instance").asText()).isEqualTo(NAME);
                assertThat(labels.path("app.kubernetes.io/component").asText()).isNotEmpty();
                assertThat(labels.path("app.kubernetes.io/managed-by").asText()).isEqualTo("postgres-operator");
                assertThat(labels.path(Project.GROUP + "/cluster").asText()).isEqualTo(NAME);
                assertThat(labels.path("team").asText()).isEqualTo("platform");
            });
        }
        JsonNode template = ns.get("statefulset", NAME).at("/spec/template/metadata/labels");
        assertThat(template.path("team").asText()).isEqualTo("platform");
        assertThat(template.path(Project.GROUP + "/cluster").asText()).isEqualTo(NAME);
        cluster.awaitEvent("ReservedLabelIgnored");
    }

    @Test
    void metricsAreSwitchedOnAndOff() {
        Cluster metered = ns.apply(Manifest.cluster("metered").spec("metrics", Map.of("enabled", true)))
                .awaitPhase("Running");
        JsonNode pod = ns.get("pod", "metered-0");
        assertThat(pod.at("/metadata/annotations/prometheus.io~1scrape").asText())
                .isEqualTo("true");
        assertThat(pod.at("/metadata/annotations/prometheus.io~1port").asText()).isEqualTo("9187");
        assertThat(pod.at("/spec/containers/1/name").asText()).isEqualTo("exporter");
        assertThat(pod.at("/spec/containers/1/env").toString())
                .doesNotContain(ns.get("secret", "metered-monitoring")
                        .at("/data/password")
                        .asText("no password"));
        JsonNode port = ns.get("service", "metered-metrics").at("/spec/ports/0");
        assertThat(port.path("name").asText()).isEqualTo("metrics");
        assertThat(port.path("port").asInt()).isEqualTo(9187);

        Waiting.untilAsserted(
                "there is a PodMonitor",
                Waiting.SHORT,
                () -> assertThat(ns.kubectl(
                                        "get",
                                        "podmonitor",
                                        "metered-metrics",
                                        "-o",
                                        "jsonpath={.spec.podMetricsEndpoints}")
                                .out())
                        .isEqualTo("[{\"port\":\"metrics\"}]"));

        metered.patch("{\"spec\":{\"metrics\":{\"enabled\":false}}}");
        Waiting.untilAsserted("what served metrics is gone", Waiting.SHORT, () -> {
            assertThat(ns.get("service", "metered-metrics").isMissingNode()).isTrue();
            assertThat(ns.get("secret", "metered-monitoring").isMissingNode()).isTrue();
            assertThat(ns.kubectl("get", "podmonitor", "-o", "name").out()).isEmpty();
            assertThat(ns.get("statefulset", "metered")
                            .at("/spec/template/spec/containers")
                            .size())
                    .isEqualTo(1);
        });
    }

    @Test
    @Acceptance(13)
    void userLabelsChangeWithoutARestart() {
        JsonNode selector = ns.get("statefulset", NAME).at("/spec/selector");
        var uids = cluster.pods().stream().map(p -> p.getMetadata().getUid()).toList();
        cluster.patch("{\"spec\":{\"labels\":{\"stage\":\"test\"}}}");
        Waiting.untilAsserted("the label is on members and template", Waiting.SHORT, () -> {
            assertThat(ns.get("statefulset", NAME)
                            .at("/spec/template/metadata/labels/stage")
                            .asText())
                    .isEqualTo("test");
            assertThat(cluster.pods().stream()
                            .map(p -> p.getMetadata().getLabels().get("stage")))
                    .containsOnly("test");
        });
        cluster.patch("{\"spec\":{\"labels\":{\"stage\":null}}}");
        Waiting.untilAsserted(
                "the label taken back is gone",
                Waiting.SHORT,
                () -> assertThat(cluster.pods().stream()
                                .map(p -> p.getMetadata().getLabels().keySet()))
                        .noneMatch(keys -> keys.contains("stage")));
        assertThat(ns.get("statefulset", NAME).at("/spec/selector")).isEqualTo(selector);
        cluster.awaitPhase("Running");
        assertThat(cluster.pods().stream().map(p -> p.getMetadata().getUid())).containsExactlyElementsOf(uids);
    }

    @Test
    @Acceptance({25, 27})
    void theStatefulSetIsAsPromised() {
        JsonNode set = ns.get("statefulset", NAME);
        JsonNode container = set.at("/spec/template/spec/containers/0");
        assertThat(container.path("name").asText()).isEqualTo("postgres");
        assertThat(container.at("/ports").findValuesAsText("containerPort")).contains("5432", "8008");
        assertThat(set.at("/spec/serviceName").asText()).isEqualTo(NAME + "-headless");
        assertThat(set.at("/spec/updateStrategy/type").asText()).isEqualTo("OnDelete");
        assertThat(set.at("/spec/podManagementPolicy").asText()).isEqualTo("Parallel");
        assertThat(set.at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted")
                        .asText())
                .isEqualTo("Retain");
        assertThat(set.at("/spec/persistentVolumeClaimRetentionPolicy/whenScaled")
                        .asText())
                .isEqualTo("Retain");
        assertThat(Json.texts(container.path("command"))).containsExactly("/opt/postgres-operator/bin/run");
        assertThat(container.path("volumeMounts").findValuesAsText("mountPath"))
                .contains("/home/postgres/pgdata", "/etc/patroni", "/tls", "/dev/shm", "/opt/postgres-operator/bin");
        assertThat(container.path("env").findValuesAsText("name"))
                .contains("PATRONI_NAME", "POD_IP", "PGDATA", "PGHOST", "PGUSER", "PATRONICTL_CONFIG_FILE", "PATH");
        JsonNode secret = ns.get("secret", NAME + "-credentials").path("data");
        String everything = ns.kubectl("get", "statefulset,configmap,service,pod,pgc", "-o", "yaml")
                .orThrow();
        for (String key : List.of("password", "replication-password")) {
            String clear =
                    new String(Base64.getDecoder().decode(secret.path(key).asText()), StandardCharsets.UTF_8);
            assertThat(everything).doesNotContain(clear);
        }
    }

    @Test
    @Acceptance({30, 38, 125})
    void statusIsComplete() {
        JsonNode live = cluster.json();
        assertThat(live.at("/status/connectionInfo/primary").asText())
                .isEqualTo("%s-primary.%s.svc:5432".formatted(NAME, ns.name()));
        assertThat(live.at("/status/connectionInfo/replicas").asText())
                .isEqualTo("%s-repl.%s.svc:5432".formatted(NAME, ns.name()));
        assertThat(live.at("/status/observedGeneration").asInt())
                .isEqualTo(live.at("/metadata/generation").asInt());
        assertThat(live.at("/status/conditions").findValuesAsText("type"))
                .contains(
                        "Ready", "Progressing", "Degraded", "ConfigurationValid", "ReplicasReady", "CertificateReady");
        assertThat(live.at("/status/primaryPod").asText())
                .isEqualTo(ApiServer.members().leader(ns.name(), NAME));
    }
}

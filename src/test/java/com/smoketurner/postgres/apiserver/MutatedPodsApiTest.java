package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Admission changes the pods of members, and decides about other resources for them. */
@ExtendWith(ApiServer.class)
@Tag("resize-in-place")
class MutatedPodsApiTest {
    private final Namespace classes;

    MutatedPodsApiTest(Namespace ns) {
        this.classes = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    private Namespace namespace(String purpose) {
        return Namespace.create(classes.lab(), classes.client(), classes.name() + "-" + purpose, Map.of());
    }

    private static void limits(Namespace ns, String item) {
        ns.apply("""
                apiVersion: v1
                kind: LimitRange
                metadata: {name: limits}
                spec: {limits: [{type: Container, %s}]}
                """.formatted(item));
    }

    private static void quota(Namespace ns, String cpu) {
        ns.apply("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: processors}
                spec: {hard: {requests.cpu: "%s"}}
                """.formatted(cpu));
    }

    private static Cluster create(Namespace ns, String name, Map<String, ?> resources) {
        return ns.apply(Manifest.cluster(name).noTls().spec("resources", resources))
                .awaitPhase("Running");
    }

    private static String uid(Cluster cluster) {
        return cluster.pods().getFirst().getMetadata().getUid();
    }

    private static JsonNode resources(Cluster cluster) {
        return cluster.namespace()
                .get("pod", cluster.name() + "-0")
                .at("/spec/containers")
                .findParent("resizePolicy")
                .path("resources");
    }

    private static void awaitSynced(Cluster cluster, String... said) {
        Waiting.untilAsserted("what admission did is named", Waiting.SHORT, () -> {
            var condition = Objects.requireNonNull(cluster.condition("PodGenerationSynced"));
            assertThat(condition.status()).isEqualTo("True");
            assertThat(condition.message()).contains(said);
        });
    }

    /** Another change has been made, so the members have been looked at since, and nobody was recreated. */
    private static void assertUndisturbed(Cluster cluster, String uid) {
        cluster.patch("{\"spec\":{\"service\":{\"annotations\":{\"example.com/edited\":\"yes\"}}}}");
        Waiting.until(
                "another change is made",
                Waiting.SHORT,
                () -> cluster.namespace()
                        .get("service", cluster.name() + "-primary")
                        .at("/metadata/annotations"),
                annotations -> annotations.has("example.com/edited"));
        cluster.awaitPhase("Running");
        assertThat(uid(cluster)).isEqualTo(uid);
        assertThat(cluster.eventCount("RestartedMember")).isZero();
    }

    @Test
    void theDefaultsOfALimitRangeAreNoDifference() {
        Namespace ns = namespace("defaults");
        limits(ns, "default: {cpu: 500m, memory: 512Mi}, defaultRequest: {cpu: 100m, memory: 256Mi}");
        Cluster cluster = create(ns, "plain", Map.of());
        String uid = uid(cluster);
        awaitSynced(cluster, "limits.memory: (unset) -> 512Mi", "requests.cpu: (unset) -> 100m", "plain-0");
        assertUndisturbed(cluster, uid);

        Cluster partly = create(ns, "partly", Map.of("requests", Map.of("cpu", "200m")));
        String before = uid(partly);
        awaitSynced(partly, "limits.cpu: (unset) -> 500m");
        partly.patch("{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"300m\"}}}}");
        Waiting.until(
                "the request is raised, and the defaults stay",
                Waiting.SHORT,
                () -> resources(partly).toString(),
                Predicate.isEqual("{\"limits\":{\"cpu\":\"500m\",\"memory\":\"512Mi\"},"
                        + "\"requests\":{\"cpu\":\"300m\",\"memory\":\"256Mi\"}}"));
        partly.awaitPhase("Running");
        assertUndisturbed(partly, before);

        partly.patch("{\"spec\":{\"resources\":null}}");
        Waiting.until("the pod is created again", Waiting.SHORT, () -> uid(partly), now -> !now.equals(before));
        partly.awaitPhase("Running");
        awaitSynced(partly, "requests.cpu: (unset) -> 100m");
        assertThat(partly.eventCount("RestartedMember")).isEqualTo(1);
        ns.delete();
    }

    private static void refused(Cluster cluster, String uid, String said) {
        Waiting.untilAsserted("the refusal is quoted", Waiting.SHORT, () -> {
            var condition = Objects.requireNonNull(cluster.condition("ResourceResizeInProgress"));
            assertThat(condition.reason()).isEqualTo("ResizeRefused");
            assertThat(condition.message())
                    .contains("pod " + cluster.name() + "-0 keeps its resources")
                    .contains(said);
            assertThat(cluster.events())
                    .filteredOn(event -> event.getReason().equals("ResizeRefused"))
                    .anySatisfy(event -> assertThat(event.getMessage()).contains(said));
        });
        cluster.awaitPhase("Running");
        assertThat(cluster.status().path("all_pods_synced").asBoolean()).isFalse();
        assertUndisturbed(cluster, uid);
    }

    @Test
    void aQuotaThatRefusesOtherResources() {
        Namespace ns = namespace("quota");
        quota(ns, "300m");
        Cluster cluster = create(ns, "grows", Map.of("requests", Map.of("cpu", "200m")));
        String uid = uid(cluster);
        cluster.patch("{\"spec\":{\"resources\":{\"requests\":{\"cpu\":\"600m\"}}}}");
        refused(cluster, uid, "exceeded quota: processors");
        quota(ns, "1");
        Waiting.until(
                "the request is raised once there is room",
                Waiting.SHORT,
                () -> resources(cluster).at("/requests/cpu").asText(),
                "600m"::equals);
        cluster.awaitCondition("ResourceResizeInProgress", "False", "NoResize");
        assertUndisturbed(cluster, uid);
        ns.delete();
    }

    @Test
    void aLimitRangeThatRefusesOtherResources() {
        Namespace ns = namespace("ratio");
        limits(ns, "max: {memory: 1Gi}, maxLimitRequestRatio: {cpu: 2}");
        Cluster cluster = create(
                ns,
                "ratio",
                Map.of(
                        "requests", Map.of("cpu", "500m", "memory", "256Mi"),
                        "limits", Map.of("cpu", "1", "memory", "512Mi")));
        String uid = uid(cluster);
        cluster.patch("{\"spec\":{\"resources\":{\"limits\":{\"cpu\":\"2\",\"memory\":\"512Mi\"}}}}");
        refused(cluster, uid, "max limit to request ratio per Container is 2");
        cluster.patch("{\"spec\":{\"resources\":{\"limits\":{\"cpu\":\"1\",\"memory\":\"2Gi\"}}}}");
        refused(cluster, uid, "maximum memory usage per Container is 1Gi");
        cluster.patch("{\"spec\":{\"resources\":{\"limits\":{\"cpu\":\"1\",\"memory\":\"512Mi\"}}}}");
        cluster.awaitCondition("ResourceResizeInProgress", "False", "NoResize");
        cluster.awaitCondition("PodGenerationSynced", "True", "AllPodsSynced");
        ns.delete();
    }

    private static void policy(
            Namespace ns, String name, String group, String resource, String operations, String patch) {
        ns.apply("""
                apiVersion: admissionregistration.k8s.io/v1beta1
                kind: MutatingAdmissionPolicy
                metadata: {name: %1$s-%2$s}
                spec:
                  matchConstraints:
                    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}
                    resourceRules:
                      - {apiGroups: ["%3$s"], apiVersions: [v1], operations: [%5$s], resources: [%4$s]}
                  failurePolicy: Fail
                  reinvocationPolicy: Never
                  mutations:
                    - patchType: JSONPatch
                      jsonPatch:
                        expression: >-
                          %6$s
                ---
                apiVersion: admissionregistration.k8s.io/v1beta1
                kind: MutatingAdmissionPolicyBinding
                metadata: {name: %1$s-%2$s}
                spec: {policyName: %1$s-%2$s}
                """.formatted(ns.name(), name, group, resource, operations, patch));
    }

    private static void awaitPolicies(Namespace ns) {
        String set = """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: probe}
                spec:
                  serviceName: probe
                  revisionHistoryLimit: 5
                  selector: {matchLabels: {app: probe}}
                  template:
                    metadata: {labels: {app: probe}}
                    spec: {containers: [{name: probe, image: none}]}
                """;
        Waiting.until(
                "the policies are in force",
                Waiting.SHORT,
                () -> ns.kubectl("run", "probe", "--image=none", "--dry-run=server", "-o", "yaml")
                                .out()
                        + ns.kubectlReading(set, "create", "--dry-run=server", "-o", "yaml", "-f", "-")
                                .out(),
                made -> made.contains("sidecar") && made.contains("revisionHistoryLimit: 2"));
    }

    @Test
    void aPolicyThatChangesPodsAndTheStatefulSet() {
        Namespace ns = namespace("policy");
        policy(
                ns,
                "pods",
                "",
                "pods",
                "CREATE",
                "[JSONPatch{op: \"add\", path: \"/spec/containers/0/resources\", value: {\"requests\": {\"cpu\": \"150m\"}}},"
                        + " JSONPatch{op: \"replace\", path: \"/spec/containers/0/image\", value: \"mirror.example.com/postgres\"},"
                        + " JSONPatch{op: \"add\", path: \"/spec/containers/-\","
                        + " value: {\"name\": \"sidecar\", \"image\": \"mirror.example.com/sidecar\"}}]");
        policy(
                ns,
                "sets",
                "apps",
                "statefulsets",
                "CREATE, UPDATE",
                "[JSONPatch{op: \"replace\", path: \"/spec/revisionHistoryLimit\", value: 2}]");
        awaitPolicies(ns);
        Cluster cluster = create(ns, "changed", Map.of("requests", Map.of("cpu", "1", "memory", "256Mi")));
        String uid = uid(cluster);
        assertThat(cluster.pods().getFirst().getSpec().getContainers()).hasSize(2);
        awaitSynced(cluster, "requests.cpu: 1 -> 150m", "requests.memory: 256Mi -> (unset)");
        assertThat(ns.get("statefulset", "changed")
                        .at("/spec/revisionHistoryLimit")
                        .asInt())
                .isEqualTo(2);
        assertUndisturbed(cluster, uid);
        cluster.awaitCondition("Progressing", "False", "Stable");

        Cluster other = create(ns, "other", Map.of());
        other.awaitCondition("Progressing", "False", "Stable");
        for (String kind : List.of("mutatingadmissionpolicybinding", "mutatingadmissionpolicy")) {
            ns.kubectl("delete", kind, ns.name() + "-pods", ns.name() + "-sets").orThrow();
        }
        ns.delete();
    }
}

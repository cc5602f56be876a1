package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.smoketurner.postgres.testing.Command;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Resources;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.Installation;
import com.smoketurner.postgres.testing.lint.Exceptions;
import com.smoketurner.postgres.testing.lint.KubeScore;
import com.smoketurner.postgres.testing.lint.Kubeconform;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.user.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What linters say about everything that is installed and everything that is made for a cluster with everything
 * switched on. What is only made once PostgreSQL runs is taken from the golden files.
 */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LintApiTest {
    /** The name that the golden files have. */
    private static final String NAME = "my-cluster";

    private static final String CLUSTER_LABEL = Project.GROUP + "/cluster";
    private static final String EXCEPTIONS = "/api/lint-exceptions.txt";

    /** Kubernetes makes them for objects of the operator, with the same labels; and the cluster is the user's. */
    private static final Set<String> NOT_THE_OPERATORS =
            Set.of("EndpointSlice", "ControllerRevision", "Event", "PostgresCluster");

    private static final List<String> WITH_POSTGRESQL_ONLY =
            List.of("/golden/pooler/deployment.yaml", "/golden/backup/verify-job.yaml");

    private final Namespace ns;
    private final Map<String, JsonNode> objects = new TreeMap<>();
    private final List<Path> files = new ArrayList<>();

    LintApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    void createAndCollect(@TempDir Path folder) throws IOException {
        ApiServer.operator();
        ns.kubectl("label", "namespace", ns.name(), "pod-security.kubernetes.io/enforce=restricted")
                .orThrow();
        ObjectStore.secret(
                ns, ObjectStore.CREDENTIALS, Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "s"));
        ObjectStore.secret(ns, ObjectStore.KEY, Map.of("encryption-key", ObjectStore.randomHex()));
        ns.apply(everything()).awaitPhase("Running");
        Waiting.until(
                "all objects are there",
                Waiting.SHORT,
                this::made,
                made -> made.keySet()
                        .containsAll(Set.of(
                                "PodMonitor/my-cluster-metrics",
                                "NetworkPolicy/my-cluster-network-policy",
                                "NetworkPolicy/my-cluster-pooler-network-policy",
                                "Service/my-cluster-pooler",
                                "Service/my-cluster-pooler-repl",
                                "Secret/my-cluster-pooler",
                                "Secret/my-cluster-backup")));
        objects.putAll(made());
        for (String golden : WITH_POSTGRESQL_ONLY) {
            add(asAccepted(Json.yaml(Resources.text(golden))));
        }
        for (String document : Files.readString(Installation.manifest()).split("\n---\n", -1)) {
            // The first one is the comment of the file.
            if (document.contains("kind:")) {
                add(Json.yaml(document));
            }
        }
        for (var object : objects.entrySet()) {
            Path file = folder.resolve(object.getKey().replace('/', '-') + ".json");
            files.add(Files.writeString(file, object.getValue().toString()));
        }
    }

    private static Manifest everything() {
        Map<String, Object> backup = new TreeMap<>(ObjectStore.backup("0 0 1 1 *"));
        backup.put("verify", Map.of("schedule", "0 0 1 1 *"));
        return Manifest.cluster(NAME)
                .replicas(3)
                .without("spec", "tls")
                .spec(
                        "resources",
                        Map.of(
                                "requests", Map.of("cpu", "1", "memory", "1Gi"),
                                "limits", Map.of("cpu", "2", "memory", "2Gi")))
                .spec("metrics", Map.of("enabled", true))
                .spec("pgbouncer", Map.of("enabled", true, "enableReplicaPooler", true))
                .spec("networkPolicy", Map.of("enabled", true, "denyEgress", true))
                .spec("service", Map.of("type", "LoadBalancer", "loadBalancerSourceRanges", List.of("192.0.2.0/24")))
                .spec("backup", backup)
                .without("spec", "backup", "destination", "caSecret");
    }

    /** What is in the namespace for the cluster, by its label or its owner. */
    private Map<String, JsonNode> made() {
        String types = ns.kubectl("api-resources", "--namespaced", "--verbs=list", "-o", "name")
                .orThrow()
                .lines()
                .collect(Collectors.joining(","));
        Map<String, JsonNode> made = new TreeMap<>();
        for (JsonNode object :
                Json.parse(ns.kubectl("get", types, "-o", "json").orThrow()).path("items")) {
            boolean labelled = NAME.equals(
                    object.at("/metadata/labels").path(CLUSTER_LABEL).asText());
            boolean owned = Json.list(object.at("/metadata/ownerReferences")).stream()
                    .anyMatch(owner -> owner.path("kind").asText().equals("PostgresCluster"));
            if ((labelled || owned)
                    && !NOT_THE_OPERATORS.contains(object.path("kind").asText())) {
                made.put(key(object), asWritten(object));
            }
        }
        return made;
    }

    private void add(JsonNode object) {
        objects.put(key(object), object);
    }

    private static String key(JsonNode object) {
        return object.path("kind").asText() + "/" + object.at("/metadata/name").asText();
    }

    /** Without what only the server sets; and kubeconform would take the name of a pod from what it was generated from. */
    private static JsonNode asWritten(JsonNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        ((ObjectNode) copy.path("metadata"))
                .remove(List.of(
                        "managedFields", "uid", "resourceVersion", "creationTimestamp", "generation", "generateName"));
        return copy;
    }

    /** An object of the golden files as the API server would keep it for the cluster of this test. */
    private JsonNode asAccepted(JsonNode golden) {
        ObjectNode copy = golden.deepCopy();
        ((ObjectNode) copy.path("metadata")).put("namespace", ns.name()).remove("ownerReferences");
        // The golden files name images by a word.
        copy.at("/spec/template/spec/containers")
                .forEach(container -> ((ObjectNode) container).put("image", "example.com/image:1"));
        return asWritten(Json.parse(ns.kubectlReading(
                        copy.toString(), "create", "--dry-run=server", "--validate=strict", "-o", "json", "-f", "-")
                .orThrow()));
    }

    @Test
    void allObjectsFitTheirSchemas(@TempDir Path folder) throws IOException {
        var versions = objects.values().stream()
                .map(object -> object.path("apiVersion").asText())
                .collect(Collectors.toCollection(TreeSet::new));
        var kubeconform = Kubeconform.of(ns.client(), versions, Files.createDirectory(folder.resolve("schemas")));
        var answers = kubeconform.check(files);
        assertThat(answers).filteredOn(answer -> !answer.valid()).isEmpty();
        assertThat(answers)
                .extracting(Kubeconform.Answer::object)
                .containsExactlyInAnyOrderElementsOf(objects.keySet());

        for (String word : List.of("\"containerPort\"", "\"volumeClaimTemplates\"", "\"runAsNonRoot\"")) {
            String misspelled =
                    require("StatefulSet/" + NAME).toString().replace(word, word.replaceFirst("\"$", "s\""));
            assertThat(kubeconform.check(List.of(Files.writeString(folder.resolve("misspelled.json"), misspelled))))
                    .as("%s is misspelled", word)
                    .noneMatch(Kubeconform.Answer::valid);
        }
    }

    @Test
    void everyRecommendationIsFollowedOrListedAsAnException() {
        var accepted = Exceptions.read(EXCEPTIONS);
        var findings = KubeScore.findings(files);
        assertThat(findings)
                .filteredOn(finding -> accepted.stream().noneMatch(exception -> exception.covers(finding)))
                .as("neither followed nor listed in %s", EXCEPTIONS)
                .isEmpty();
        assertThat(accepted)
                .filteredOn(exception -> findings.stream().noneMatch(exception::covers))
                .as("listed in %s, but followed", EXCEPTIONS)
                .isEmpty();
    }

    @Test
    void allPodsPassPodSecurityRestricted() throws IOException {
        List<JsonNode> templates = new ArrayList<>(objects.values());
        try (Stream<Path> goldens =
                Files.list(Project.file("src/test/resources/golden/statefulset", "they are kept"))) {
            for (Path golden : goldens.sorted().toList()) {
                templates.add(Json.yaml(Files.readString(golden)));
            }
        }
        templates.removeIf(object -> !object.at("/spec/template/spec").has("containers"));
        assertThat(templates).hasSizeGreaterThan(5);
        for (JsonNode owner : templates) {
            String pod = podOf(owner).toString();
            var admitted = create(pod);
            assertThat(admitted.ok()).as("%s: %s", key(owner), admitted.err()).isTrue();
            assertThat(create(pod.replace("\"runAsNonRoot\":true", "\"runAsNonRoot\":false"))
                            .err())
                    .as("the namespace enforces restricted")
                    .contains("violates PodSecurity \"restricted");
        }
    }

    private Command.Result create(String object) {
        return ns.kubectlReading(object, "create", "--dry-run=server", "-f", "-");
    }

    private JsonNode require(String key) {
        assertThat(objects).containsKey(key);
        return objects.getOrDefault(key, Json.parse("{}"));
    }

    /** The pod of a template, with a claim for each of its templates, as its controller would make it. */
    private static JsonNode podOf(JsonNode owner) {
        ObjectNode pod = ((ObjectNode) Json.parse("{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}"));
        pod.set("metadata", owner.at("/spec/template/metadata").deepCopy());
        ((ObjectNode) pod.path("metadata")).put("name", "of-a-template");
        ObjectNode spec = owner.at("/spec/template/spec").deepCopy();
        // Whose account it is makes no difference to Pod Security, but it has to exist.
        spec.put("serviceAccountName", "default").put("serviceAccount", "default");
        for (JsonNode claim : owner.at("/spec/volumeClaimTemplates")) {
            String name = claim.at("/metadata/name").asText();
            spec.withArrayProperty("volumes")
                    .addObject()
                    .put("name", name)
                    .putObject("persistentVolumeClaim")
                    .put("claimName", name);
        }
        return pod.set("spec", spec);
    }
}

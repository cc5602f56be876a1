package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Shipped;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.Installation;
import com.smoketurner.postgres.testing.lab.OperatorProcess;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.observe.AuditLog.Request;
import com.smoketurner.postgres.testing.observe.GrantedPermissions;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Documented;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The operator with the permissions of {@code deploy/namespaced} and no others, installed by the commands of the documentation. */
@ExtendWith(ApiServer.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NamespacedInstallationApiTest {
    private static final String WATCH = "POSTGRES_OPERATOR_WATCH_NAMESPACES";
    private static final String CLUSTER_READS = "postgres-operator-cluster-reads";
    private static final String PAGE = "docs/install.md";
    private static final String HEADING = "Watching some namespaces only";

    private final Namespace unwatched;
    private final KubernetesClient client;
    private final AuditLog audit;
    private final Namespace a;
    private final Namespace b;

    NamespacedInstallationApiTest(Namespace unwatched) {
        this.unwatched = unwatched;
        this.client = unwatched.client();
        this.audit = new AuditLog(unwatched.lab().auditLog());
        this.a = new Namespace(unwatched.lab(), client, "team-a");
        this.b = new Namespace(unwatched.lab(), client, "team-b");
    }

    /** The operator of other classes has ended before it loses its permissions. */
    @BeforeAll
    void install() {
        ApiServer.stopOperator();
        clear();
        client.rbac().clusterRoleBindings().withName(Project.OPERATOR).delete();
        client.rbac().clusterRoles().withName(Project.OPERATOR).delete();
        // There is no node that could run it; a local process does, with its ServiceAccount.
        Documented.commands(PAGE, HEADING, 0).stream()
                .filter(command -> !command.contains(" rollout "))
                .forEach(command -> Documented.run(unwatched.lab(), command));
        client.apps()
                .deployments()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName(Project.OPERATOR)
                .delete();
    }

    @AfterAll
    void giveBack() {
        ApiServer.stopOperator();
        clear();
        Installation.withoutDeployment(client);
    }

    private void clear() {
        client.rbac().clusterRoleBindings().withName(CLUSTER_READS).delete();
        client.rbac().clusterRoles().withName(CLUSTER_READS).delete();
        client.configMaps()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName("postgres-operator-config")
                .delete();
        for (Namespace team : List.of(a, b)) {
            for (var cluster : team.list("pgc", "")) {
                team.cluster(cluster.at("/metadata/name").asText()).patch("{\"metadata\":{\"finalizers\":null}}");
            }
            team.delete();
            Waiting.until(
                    team.name() + " is gone",
                    Waiting.LONG,
                    () -> client.namespaces().withName(team.name()).get() == null,
                    gone -> gone);
        }
    }

    private static Manifest withEverything(String name) {
        return Manifest.cluster(name)
                .replicas(2)
                .without("spec", "tls")
                .spec("networkPolicy", Map.of("allowFromPodSelector", Map.of("app", "shop")))
                .spec("pgbouncer", Map.of("enabled", true));
    }

    private void assertUntouched(Cluster cluster) {
        assertThat(cluster.json().has("status")).isFalse();
        assertThat(cluster.json().at("/metadata/finalizers").isMissingNode()).isTrue();
    }

    @Test
    void twoNamespaces() {
        Instant began = Instant.now();
        String watched = client.configMaps()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName("postgres-operator-config")
                .get()
                .getData()
                .get(WATCH);
        OperatorProcess operator = ApiServer.operator(Map.of(WATCH, watched));
        Cluster outside = unwatched.apply(Manifest.cluster("outside"));
        // One name in both: nothing of one is taken for the other's.
        Cluster one = a.apply(withEverything("both"));
        Cluster two = b.apply(Manifest.cluster("both"));
        one.awaitPhase("Running");
        two.awaitPhase("Running");
        b.kubectl("delete", "pgc", "both", "--timeout=120s").orThrow();
        one.patch("{\"spec\":{\"replicas\":1,\"pgbouncer\":{\"enabled\":false}}}");
        one.awaitPhase("Running");
        Waiting.until(
                "the pooler is gone",
                Waiting.SHORT,
                () -> a.get("service", "both-pooler"),
                service -> service.isMissingNode());
        assertUntouched(outside);
        assertThat(operator.log()).doesNotContain("no permission to read");
        assertPacked(operator);
        assertRequests(began, Set.of(a.name(), b.name()));
    }

    @Test
    void oneNamespace() {
        ApiServer.stopOperator();
        b.kubectl("delete", "role,rolebinding", Project.OPERATOR).orThrow();
        try {
            Instant began = Instant.now();
            OperatorProcess operator = ApiServer.operator(Map.of(WATCH, a.name()));
            Cluster other = b.apply(Manifest.cluster("no-longer"));
            Cluster alone = a.apply(withEverything("alone")).awaitPhase("Running");
            assertPacked(operator);
            a.kubectl("delete", "pgc", alone.name(), "--timeout=120s").orThrow();
            assertUntouched(other);
            assertRequests(began, Set.of(a.name()));
        } finally {
            ApiServer.stopOperator();
            Documented.run(a.lab(), "kubectl apply --server-side -n team-b -f deploy/namespaced/role.yaml");
        }
    }

    /** The permissions outside of the namespaces are optional: what is missing is said once, and nothing is tried in vain. */
    @Test
    void withoutClusterReads() {
        ApiServer.stopOperator();
        Documented.run(a.lab(), "kubectl delete -f deploy/namespaced/cluster-reads.yaml");
        try {
            Instant began = Instant.now();
            OperatorProcess operator =
                    ApiServer.operator(Map.of(WATCH, "team-a,team-b", "POSTGRES_OPERATOR_RESYNC_SECONDS", "5"));
            a.apply(withEverything("blind")).awaitPhase("Running");
            Cluster waits = b.apply(Manifest.cluster("waits")
                    .spec("tls", Map.of("issuerRef", Map.of("name", "no-such-issuer", "kind", "ClusterIssuer"))));
            waits.awaitPhase("Running"); // The stand-in signs whoever the issuer is; asking for it would be refused.
            assertThat(operator.log().lines().filter(line -> line.contains("no permission to read")))
                    .singleElement()
                    .asString()
                    .contains("nodes", "storageclasses", "clusterissuers", "kube-system", "default/kubernetes");
            assertThat(audit.allOfOperator(began, Instant.now()))
                    .as("requests for what it may not read")
                    .noneMatch(request ->
                            Set.of("nodes", "storageclasses", "clusterissuers").contains(request.resource()));
            assertRequests(began, Set.of(a.name(), b.name()));
        } finally {
            ApiServer.stopOperator();
            Documented.run(a.lab(), "kubectl apply --server-side -f deploy/namespaced/cluster-reads.yaml");
        }
    }

    /** The caches hold the objects of a cluster as compressed text, whichever namespaces are watched; none is kept decoded. */
    private static void assertPacked(OperatorProcess operator) {
        Waiting.untilAsserted("objects are kept packed", Waiting.SHORT, () -> {
            Map<String, Long> instances = operator.instances();
            assertThat(instances.getOrDefault("com.smoketurner.postgres.kube.cache.CompressedStore$Packed", 0L))
                    .isGreaterThan(15);
            for (String kind : List.of("ConfigMap", "Secret", "Service", "apps.StatefulSet")) {
                assertThat(instances).doesNotContainKey("io.fabric8.kubernetes.api.model." + kind);
            }
        });
    }

    /** Nothing was refused, and outside of the namespaces only what the list of permissions gives a reason for. */
    private void assertRequests(Instant began, Set<String> watched) {
        List<Request> requests = audit.allOfOperator(began, Instant.now());
        assertThat(requests).isNotEmpty();
        assertThat(requests).noneMatch(request -> request.code() == 401 || request.code() == 403);
        assertThat(GrantedPermissions.withoutReasonOutside(requests, watched)).isEmpty();
    }

    /** What no namespace has would be granted in vain by a Role: it belongs to the holder {@code wide} of the list. */
    @Test
    void everyRuleIsWhereItsObjectsAre() {
        assertThat(scopes(Shipped.of("namespaced/role.yaml").only(Role.class).getRules()))
                .isNotEmpty()
                .allSatisfy((resource, namespaced) -> {
                    // A request for a namespace counts as one in it.
                    assertThat(namespaced || resource.equals("namespaces"))
                            .as(resource)
                            .isTrue();
                });
        assertThat(scopes(Shipped.of("namespaced/cluster-reads.yaml").only(ClusterRole.class).getRules().stream()
                        .filter(rule -> rule.getResourceNames().isEmpty())
                        .toList()))
                .isNotEmpty()
                .allSatisfy((resource, namespaced) ->
                        assertThat(namespaced).as(resource).isFalse());
    }

    /** Whether objects are in namespaces, by resource, of those that this API server serves. */
    private Map<String, Boolean> scopes(List<PolicyRule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.getApiGroups().stream()
                        .flatMap(group -> served(group).stream()
                                .filter(resource -> rule.getResources().contains(resource.getName()))))
                .collect(Collectors.toMap(APIResource::getName, APIResource::getNamespaced, (x, y) -> x && y));
    }

    private List<APIResource> served(String group) {
        if (group.isEmpty()) {
            return client.getApiResources("v1").getResources();
        }
        var found = client.getApiGroup(group);
        return found == null
                ? List.of()
                : client.getApiResources(found.getPreferredVersion().getGroupVersion())
                        .getResources();
    }
}

package com.smoketurner.postgres.cluster.desired;

import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.INTERNAL;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.OLDER_KUBERNETES;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.PASSWORDS;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.SETTINGS;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.WITH_CA;
import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import com.smoketurner.postgres.testing.values.Clusters;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every object is built in the form the API server keeps: once applied, it matches, and a second apply is none. */
@ExtendWith(ApiServer.class)
class IdempotenceApiTest {
    private static final String MANAGER = "postgres-operator";

    private final Namespace namespace;
    private final KubernetesClient client;

    IdempotenceApiTest(Namespace namespace, KubernetesClient client) {
        this.namespace = namespace;
        this.client = client;
    }

    @Test
    void theSmallestCluster() {
        appliesOnce(cluster("minimal", ""), SETTINGS, WITH_CA);
    }

    @Test
    void everythingAsked() {
        var spec = """
                replicas: 3
                storage: {size: 1536Mi, storageClass: fast-ssd, whenDeleted: Delete}
                tls: {issuerRef: {name: i, kind: Issuer}, duration: 90d, additionalDnsNames: [a.example.com]}
                labels: {team: platform}
                imagePullSecrets: [{name: pull}]
                resources:
                  requests: {cpu: 0.5, memory: 1024Mi}
                  limits: {cpu: "2000m", memory: 1.5Gi}
                postgresqlParams: {search_path: '"$user", public', work_mem: 64MB}
                service:
                  type: LoadBalancer
                  annotations: {example.com/b: "2", example.com/a: "1"}
                  loadBalancerSourceRanges: [10.0.0.0/8]
                  externalTrafficPolicy: Local
                placement:
                  nodeSelector: {disk: ssd}
                  tolerations:
                  - {key: database, operator: Exists, effect: NoSchedule}
                  - {key: other, value: x, effect: NoExecute, tolerationSeconds: 60}
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                        - matchExpressions: [{key: arch, operator: In, values: [amd64]}]
                  topologySpreadConstraints:
                  - maxSkew: 1
                    topologyKey: rack
                    whenUnsatisfiable: ScheduleAnyway
                    labelSelector: {matchLabels: {team: platform}}
                """;
        appliesOnce(cluster("everything", spec), SETTINGS, WITH_CA.withRestartedAt("2026-11-22T23:30:08Z"));
    }

    @Test
    void withoutTlsAndResizing() {
        var cluster = cluster("plain", "tls: {enabled: false}\nreplicas: 2\nservice: {type: NodePort}");
        appliesOnce(cluster, OLDER_KUBERNETES, PodInputs.none());
    }

    @Test
    void servicesGoBackToClusterIp() {
        var exposed = cluster("exposed", "service: {type: NodePort}");
        var apart = cluster("exposed", "service: {type: ClusterIP}");

        assertThat(apply(Services.primaryOf(exposed))
                        .getSpec()
                        .getPorts()
                        .getFirst()
                        .getNodePort())
                .isNotNull();
        var after = apply(Services.primaryOf(apart));
        assertThat(after.getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(after.getSpec().getPorts().getFirst().getNodePort()).isNull();
    }

    private void appliesOnce(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        for (var desired : AllObjects.of(cluster, settings, inputs, PASSWORDS, INTERNAL)) {
            var first = apply(desired);
            assertThat(matches(first, desired))
                    .as("%s: kept as\n%s", desired.getKind(), Serialization.asYaml(first))
                    .isTrue();
            assertThat(version(apply(desired)))
                    .as("%s %s", desired.getKind(), desired.getMetadata().getName())
                    .isEqualTo(version(first));
        }
    }

    /** What a write of the object's content moves. Controllers of Kubernetes write into status meanwhile. */
    private static String version(HasMetadata object) {
        var generation = object.getMetadata().getGeneration();
        return generation != null
                ? "generation " + generation
                : object.getMetadata().getResourceVersion();
    }

    private <T extends HasMetadata> T apply(T object) {
        return client.resource(object).fieldManager(MANAGER).forceConflicts().serverSideApply();
    }

    /** The owner has to exist, or the garbage collector takes its children. */
    private PostgresCluster cluster(String name, String spec) {
        var cluster = Clusters.withSpec("version: '16'\nstorage: {size: 1Gi}", spec.isEmpty() ? "{}" : spec);
        cluster.getMetadata().setName(name);
        cluster.getMetadata().setNamespace(namespace.name());
        cluster.getMetadata().setUid(null);
        cluster.getMetadata().setGeneration(null);
        return apply(cluster);
    }

    private boolean matches(HasMetadata actual, HasMetadata desired) {
        return SSABasedGenericKubernetesResourceMatcher.getInstance().matches(actual, desired, context());
    }

    /** The two things the matcher asks for. */
    private Context<?> context() {
        var configuration = answering(ControllerConfiguration.class, Map.of("fieldManager", () -> MANAGER));
        return answering(
                Context.class, Map.of("getClient", () -> client, "getControllerConfiguration", () -> configuration));
    }

    private static <T> T answering(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
            var answer = answers.get(method.getName());
            if (answer == null) {
                throw new UnsupportedOperationException(method.toString());
            }
            return answer.get();
        }));
    }
}

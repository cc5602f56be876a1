package com.smoketurner.postgres.cluster.desired;

import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.GUIDE;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.INTERNAL;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.OLDER_KUBERNETES;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.PASSWORDS;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.SETTINGS;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.WITH_CA;
import static com.smoketurner.postgres.testing.values.Clusters.cluster;
import static com.smoketurner.postgres.testing.values.Clusters.withSpec;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.testing.Golden;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What each kind of spec turns into, as files to review. */
class GoldenTest {
    private static final PostgresCluster THREE = withSpec(GUIDE);
    private static final PostgresCluster MINIMAL = cluster();
    private static final PostgresCluster PLAIN = cluster("tls: {enabled: false}", "replicas: 2");

    @Test
    void theGuidesCluster() {
        Golden.assertMatches("statefulset/three-replicas.yaml", StatefulSets.of(THREE, SETTINGS, WITH_CA));
        Golden.assertMatches("patroni/three-replicas.yml", patroni(THREE, WITH_CA));
        Golden.assertMatches(
                "certificate/three-replicas.yaml",
                TlsCertificate.of(THREE, SETTINGS).orElseThrow());
        Golden.assertMatches("budget/three-replicas.yaml", DisruptionBudgets.of(THREE, WITH_CA));
        Golden.assertMatches("service/leader.yaml", Services.leaderOf(THREE));
        Golden.assertMatches("service/config.yaml", Services.configOf(THREE));
        Golden.assertMatches("service/primary.yaml", Services.primaryOf(THREE));
        Golden.assertMatches(
                "service/replica.yaml", Services.replicaOf(THREE, WITH_CA).orElseThrow());
        Golden.assertMatches("service/headless.yaml", Services.headlessOf(THREE));
        Golden.assertMatches("access/account.yaml", PatroniAccess.accountOf(THREE));
        Golden.assertMatches("access/role.yaml", PatroniAccess.roleOf(THREE));
        Golden.assertMatches("access/role-binding.yaml", PatroniAccess.roleBindingOf(THREE));
    }

    @Test
    void secrets() {
        Golden.assertMatches("secret/credentials.yaml", readable(CredentialsSecret.of(THREE, PASSWORDS)));
        Golden.assertMatches("secret/internal.yaml", readable(InternalSecret.of(THREE, INTERNAL)));
        Golden.assertMatches(
                "patroni/secrets.yml", text(PatroniSecret.of(THREE, PASSWORDS, INTERNAL), PatroniSecret.SECRETS_YML));
    }

    @Test
    void theSmallestCluster() {
        Golden.assertMatches("statefulset/minimal.yaml", StatefulSets.of(MINIMAL, SETTINGS, WITH_CA));
        Golden.assertMatches("patroni/minimal.yml", patroni(MINIMAL, WITH_CA));
        Golden.assertMatches(
                "certificate/minimal.yaml", TlsCertificate.of(MINIMAL, SETTINGS).orElseThrow());
        Golden.assertMatches("issuer/minimal.yaml", OwnAuthority.root(MINIMAL));
        Golden.assertMatches("issuer/authority.yaml", OwnAuthority.authority(MINIMAL));
        Golden.assertMatches("certificate/authority.yaml", OwnAuthority.certificate(MINIMAL));
        Golden.assertMatches("budget/minimal.yaml", DisruptionBudgets.of(MINIMAL, WITH_CA));
    }

    @Test
    void withoutTls() {
        Golden.assertMatches("statefulset/tls-off.yaml", StatefulSets.of(PLAIN, SETTINGS, PodInputs.none()));
        Golden.assertMatches("patroni/tls-off.yml", patroni(PLAIN, PodInputs.none()));
        Golden.assertMatches("secret/credentials-tls-off.yaml", readable(CredentialsSecret.of(PLAIN, PASSWORDS)));
    }

    @Test
    void metrics() {
        var cluster = cluster("metrics: {enabled: true, port: 9999}");
        Golden.assertMatches("statefulset/metrics.yaml", StatefulSets.of(cluster, SETTINGS, WITH_CA));
        Golden.assertMatches("service/metrics.yaml", Services.metricsOf(cluster));
        Golden.assertMatches("secret/monitoring.yaml", readable(MonitoringSecret.of(cluster, "monitorSecret4")));
    }

    @Test
    void issuersThatHideTheirCa() {
        Golden.assertMatches("patroni/no-ca.yml", patroni(THREE, PodInputs.none()));
    }

    @Test
    void userLabels() {
        var cluster = cluster("labels: {team: platform, spilo-role: master, app.kubernetes.io/name: mine}");
        Golden.assertMatches("statefulset/labels.yaml", StatefulSets.of(cluster, SETTINGS, WITH_CA));
        Golden.assertMatches("service/primary-labels.yaml", Services.primaryOf(cluster));
    }

    @Test
    void resourcesOnOlderKubernetes() {
        var cluster = cluster("""
                resources:
                  requests: {cpu: "0.5", memory: 1024Mi}
                  limits: {cpu: 2, memory: 1.5Gi}
                  restartOnResize: true
                """);
        Golden.assertMatches("statefulset/resources.yaml", StatefulSets.of(cluster, SETTINGS, WITH_CA));
        Golden.assertMatches(
                "statefulset/resources-kubernetes-1.34.yaml", StatefulSets.of(cluster, OLDER_KUBERNETES, WITH_CA));
        Golden.assertMatches(
                "certificate/default-issuer.yaml",
                TlsCertificate.of(cluster, OLDER_KUBERNETES).orElseThrow());
    }

    @Test
    void placement() {
        var cluster = cluster("""
                image: registry.example/own:1
                imagePullSecrets: [{name: pull}]
                placement:
                  nodeSelector: {disk: ssd}
                  tolerations: [{key: database, operator: Exists, effect: NoSchedule}]
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                        - matchExpressions: [{key: arch, operator: In, values: [amd64]}]
                    podAntiAffinity:
                      preferredDuringSchedulingIgnoredDuringExecution:
                      - weight: 7
                        podAffinityTerm:
                          topologyKey: rack
                          labelSelector: {matchLabels: {app: other}}
                  topologySpreadConstraints:
                  - {maxSkew: 1, topologyKey: rack, whenUnsatisfiable: ScheduleAnyway}
                """);
        Golden.assertMatches("statefulset/placement.yaml", StatefulSets.of(cluster, SETTINGS, WITH_CA));
    }

    @Test
    void parametersWithNastyCharacters() {
        var cluster = cluster("""
                postgresqlParams:
                  log_line_prefix: "%m [%p] \\"q\\" \\\\ '{view.scope}' "
                  application_name: "a: b # c\\td: - e é 日本 \\U0001F600"
                  search_path: '"$user", public'
                  jit: "off"
                  work_mem: "64MB"
                  Max_Connections: "500"
                  custom.value: "1_000"
                  port: "6000"
                  wal_level: minimal
                """);
        Golden.assertMatches("patroni/parameters.yml", patroni(cluster, WITH_CA));
    }

    @Test
    void failoverTiming() {
        var cluster = cluster("failover: {ttl: 60, loopWait: 10, retryTimeout: 20}", "replication: {mode: quorum}");
        Golden.assertMatches("patroni/timing.yml", patroni(cluster, WITH_CA));
    }

    @Test
    void exposedServices() {
        var loadBalancer = cluster("""
                replicas: 2
                service:
                  type: LoadBalancer
                  annotations: {b: "2", a: "1"}
                  loadBalancerSourceRanges: [10.0.0.0/8]
                  externalTrafficPolicy: Local
                """);
        var nodePort = cluster("service: {type: NodePort, nodePort: 30432}");
        Golden.assertMatches("service/primary-load-balancer.yaml", Services.primaryOf(loadBalancer));
        Golden.assertMatches("service/primary-node-port.yaml", Services.primaryOf(nodePort));
    }

    /** The file of the members the spec asks for. */
    private static String patroni(PostgresCluster cluster, PodInputs inputs) {
        var file = PatroniConfigMap.of(cluster, inputs).getData().get(PatroniConfigMap.keyOf(cluster));
        return Objects.requireNonNull(file);
    }

    private static Secret readable(Secret secret) {
        var copy = secret.edit().withData(null).build();
        copy.setStringData(new TreeMap<>());
        secret.getData().keySet().forEach(key -> copy.getStringData().put(key, text(secret, key)));
        return copy;
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }
}

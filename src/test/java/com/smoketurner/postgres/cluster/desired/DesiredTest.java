package com.smoketurner.postgres.cluster.desired;

import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.GUIDE;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.INTERNAL;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.PASSWORDS;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.SETTINGS;
import static com.smoketurner.postgres.cluster.desired.DesiredFixtures.WITH_CA;
import static com.smoketurner.postgres.testing.values.Clusters.cluster;
import static com.smoketurner.postgres.testing.values.Clusters.withSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.smoketurner.postgres.api.PostgresCluster;
import com.smoketurner.postgres.naming.Annotations;
import com.smoketurner.postgres.testing.Acceptance;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DesiredTest {
    private static final PostgresCluster THREE = withSpec(GUIDE);

    @Test
    void everyChildBelongsToTheCluster() {
        for (var object : all(THREE, WITH_CA)) {
            var metadata = object.getMetadata();
            assertThat(metadata.getNamespace()).isEqualTo("default");
            assertThat(metadata.getLabels()).containsEntry("postgres-operator.smoketurner.com/cluster", "my-cluster");
            assertThat(metadata.getOwnerReferences()).singleElement().satisfies(owner -> {
                assertThat(owner.getUid()).isEqualTo(THREE.getMetadata().getUid());
                assertThat(owner.getController()).isTrue();
                assertThat(owner.getBlockOwnerDeletion()).isTrue();
            });
        }
    }

    @Test
    void equalInputGivesEqualObjects() {
        var once = all(withSpec(GUIDE), WITH_CA).stream().map(Serialization::asJson);
        var again = all(withSpec(GUIDE), WITH_CA).stream().map(Serialization::asJson);
        assertThat(once).containsExactlyElementsOf(again.toList());
    }

    @Test
    void secretsAppearInSecretsAlone() {
        for (var object : all(THREE, WITH_CA)) {
            var text = Serialization.asJson(object);
            if (!object.getKind().equals("Secret")) {
                assertThat(text).doesNotContain(PASSWORDS.superuser(), PASSWORDS.replication(), "restSecret3");
            }
        }
        assertThat(PASSWORDS.toString() + INTERNAL).doesNotContain("Secret1", "Secret2", "Secret3");
    }

    @Test
    void nastyPasswordsAreEncodedInTheUri() {
        var secret = CredentialsSecret.of(THREE, new Passwords("p@ss:/w%d ?é", "x"));
        var uri = new String(Base64.getDecoder().decode(secret.getData().get("uri")), StandardCharsets.UTF_8);
        assertThat(uri)
                .isEqualTo("postgresql://postgres:p%40ss%3A%2Fw%25d%20%3F%C3%A9@my-cluster-primary.default.svc:5432"
                        + "/postgres?sslmode=require");
    }

    @Test
    void readersNeedReplicas() {
        assertThat(Services.replicaOf(cluster(), WITH_CA)).isEmpty();
        assertThat(Services.replicaOf(cluster("replicas: 2"), WITH_CA)).isPresent();
        assertThat(Services.replicaOf(cluster(), WITH_CA.withMembers(2))).isPresent();
        assertThat(Services.replicaOf(cluster("scaling: {enabled: true, maxReplicas: 3}"), WITH_CA))
                .isPresent();
    }

    @Test
    void onlyReadsPreferWhatIsNear() {
        var near = cluster("replicas: 2\nservice: {trafficDistribution: PreferSameNode}");
        assertThat(Services.replicaOf(near, WITH_CA).orElseThrow().getSpec().getTrafficDistribution())
                .isEqualTo("PreferSameNode");
        assertThat(Services.primaryOf(near).getSpec().getTrafficDistribution()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1,0", "2,1", "3,2", "7,6"})
    void oneMemberAtATimeMayBeEvicted(int members, int available) {
        var budget = DisruptionBudgets.of(cluster("replicas: " + members), WITH_CA);
        assertThat(budget.getSpec().getMinAvailable().getIntVal()).isEqualTo(available);
    }

    @Test
    void tlsNeedsAnIssuerOfItsOwnOnlyWithoutAnyOther() {
        assertThat(OwnAuthority.signs(THREE, SETTINGS)).isFalse();
        assertThat(OwnAuthority.signs(cluster(), SETTINGS)).isTrue();
        assertThat(OwnAuthority.signs(cluster(), DesiredFixtures.OLDER_KUBERNETES))
                .isFalse();
        assertThat(OwnAuthority.signs(cluster("tls: {enabled: false}"), SETTINGS))
                .isFalse();
        assertThat(TlsCertificate.of(cluster("tls: {enabled: false}"), SETTINGS))
                .isEmpty();
    }

    @Test
    void certificateNamesKeepTheirOrderAndAppearOnce() {
        var cluster = cluster("tls: {issuerRef: {name: i}, duration: 90d, renewBefore: 1d12h30m,"
                + " additionalDnsNames: [postgres.example.com, localhost, '*.example.com']}");
        var names = TlsCertificate.dnsNames(cluster, SETTINGS);

        assertThat(names).doesNotHaveDuplicates().startsWith("my-cluster-primary", "my-cluster-primary.default");
        assertThat(names).endsWith("localhost", "postgres.example.com", "*.example.com");
        assertThat(names)
                .contains(
                        "my-cluster.default.svc.cluster.local",
                        "my-cluster-repl.default.svc",
                        "*.my-cluster-headless.default.svc",
                        "*.my-cluster-headless.default.svc.cluster.local");
        var spec = TlsCertificate.of(cluster, SETTINGS).orElseThrow();
        assertThat(spec.<Object>get("spec", "duration")).isEqualTo("2160h");
        assertThat(spec.<Object>get("spec", "renewBefore")).isEqualTo("36h30m");
    }

    @Test
    @Acceptance(78)
    void onlyWhatNeedsNewPodsChangesTheHash() {
        var hash = hash(THREE, SETTINGS, WITH_CA);

        for (var harmless : List.of(
                "replicas: 5",
                "labels: {team: platform}",
                "resources: {requests: {cpu: 2, memory: 1Gi}}",
                "postgresqlParams: {work_mem: 1MB}",
                "failover: {ttl: 60}")) {
            assertThat(hash(with(harmless), SETTINGS, WITH_CA)).as(harmless).isEqualTo(hash);
        }
        assertThat(hash(THREE, SETTINGS, WITH_CA.withTlsCaPresent(false))).isEqualTo(hash);

        assertThat(hash(with("image: registry.example/other:1"), SETTINGS, WITH_CA))
                .isNotEqualTo(hash);
        assertThat(hash(with("placement: {nodeSelector: {disk: ssd}}"), SETTINGS, WITH_CA))
                .isNotEqualTo(hash);
        assertThat(hash(with("tls: {enabled: false}"), SETTINGS, WITH_CA)).isNotEqualTo(hash);
        assertThat(hash(THREE, SETTINGS, WITH_CA.withRestartedAt("2026-11-22T23:30:08Z")))
                .isNotEqualTo(hash);
    }

    @Test
    void aRestartByKubectlSurvivesTheNextApply() {
        var template = MemberPodTemplate.of(THREE, SETTINGS, WITH_CA.withRestartedAt("2026-11-22T23:30:08Z"));
        assertThat(template.getMetadata().getAnnotations())
                .containsEntry("kubectl.kubernetes.io/restartedAt", "2026-11-22T23:30:08Z");
    }

    @Test
    void theClaimTemplateNeverChanges() {
        var first = StatefulSets.of(THREE, SETTINGS, WITH_CA);
        var later = StatefulSets.of(
                with("labels: {team: platform}\nreplicas: 5\nstorage: {size: 200Gi, storageClass: fast-ssd}"),
                SETTINGS,
                WITH_CA.withClaimSize(new Quantity("100Gi")));

        assertThat(later.getSpec().getVolumeClaimTemplates())
                .isEqualTo(first.getSpec().getVolumeClaimTemplates());
        assertThat(later.getSpec().getSelector()).isEqualTo(first.getSpec().getSelector());
    }

    @Test
    void membersKeepTheConfigurationTheirMountsFit() {
        var plain = cluster("tls: {enabled: false}");
        var data = PatroniConfigMap.of(plain, WITH_CA).getData();

        assertThat(data.get("patroni.yml")).contains("/tls/tls.crt", "/tls/ca.crt", "hostssl");
        assertThat(data.get("patroni-plain.yml")).doesNotContain("/tls/", "hostssl", "ctl:");
        assertThat(PatroniConfigMap.of(cluster(), WITH_CA).getData()).isEqualTo(data);
        assertThat(Serialization.asJson(StatefulSets.of(plain, SETTINGS, WITH_CA)))
                .contains("\"key\":\"patroni-plain.yml\"")
                .doesNotContain("/tls");
    }

    @Test
    void parametersThatNoServerHasJudgedAreMarked() {
        assertThat(PatroniConfigMap.of(THREE, WITH_CA, true).getMetadata().getAnnotations())
                .containsEntry(Annotations.UNJUDGED_PARAMETERS, "true");
        assertThat(PatroniConfigMap.of(THREE, WITH_CA).getMetadata().getAnnotations())
                .doesNotContainKey(Annotations.UNJUDGED_PARAMETERS);
    }

    @Test
    void theStatefulSetNeverOwnsVolumes() {
        var cluster = withSpec("version: '16'\nstorage: {size: 1Gi, whenDeleted: Delete}");
        var policy = StatefulSets.of(cluster, SETTINGS, WITH_CA).getSpec().getPersistentVolumeClaimRetentionPolicy();
        assertThat(policy.getWhenDeleted()).isEqualTo("Retain");
        assertThat(policy.getWhenScaled()).isEqualTo("Retain");
    }

    @Test
    void anUnknownMajorHasNoImage() {
        assertThatIllegalArgumentException().isThrownBy(() -> SETTINGS.image("14"));
    }

    private static PostgresCluster with(String spec) {
        return withSpec(GUIDE, spec);
    }

    private static String hash(PostgresCluster cluster, Settings settings, PodInputs inputs) {
        StatefulSet set = StatefulSets.of(cluster, settings, inputs);
        var annotations = set.getSpec().getTemplate().getMetadata().getAnnotations();
        return Objects.requireNonNull(annotations.get(Annotations.POD_TEMPLATE_HASH));
    }

    private static List<HasMetadata> all(PostgresCluster cluster, PodInputs inputs) {
        return AllObjects.of(cluster, SETTINGS, inputs, PASSWORDS, INTERNAL);
    }
}

package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How clusters come into being, and how those end that never did. */
@ExtendWith(ApiServer.class)
class CreationApiTest {
    private final Namespace ns;

    CreationApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void operator() {
        ApiServer.operator();
    }

    @Test
    @Acceptance(31)
    void oneMemberHasNoReaders() {
        Cluster cluster = ns.apply(Manifest.cluster("solo")).awaitPhase("Running");
        assertThat(cluster.status().path("connectionInfo").has("replicas")).isFalse();
        assertThat(ns.get("service", "solo-repl").isMissingNode()).isTrue();
        assertThat(ns.get("pdb", "solo-pdb").at("/spec/minAvailable").asInt()).isZero();
    }

    @Test
    @Acceptance(17)
    void foreignFinalizersStay() {
        Cluster cluster =
                ns.apply(Manifest.cluster("guarded").with(List.of("example.com/guard"), "metadata", "finalizers"));
        Waiting.untilAsserted(
                "ours is added",
                Waiting.SHORT,
                () -> assertThat(Json.texts(cluster.json().at("/metadata/finalizers")))
                        .containsExactlyInAnyOrder("example.com/guard", Project.GROUP + "/finalizer"));
        ns.kubectl("delete", "pgc", "guarded", "--wait=false").orThrow();
        Waiting.untilAsserted(
                "ours is removed",
                Waiting.SHORT,
                () -> assertThat(Json.texts(cluster.json().at("/metadata/finalizers")))
                        .containsExactly("example.com/guard"));
        cluster.patch("{\"metadata\":{\"finalizers\":null}}");
        cluster.awaitGone(Waiting.SHORT);
    }

    @Test
    @Acceptance({19, 48})
    @BadInput(53)
    void foreignObjectsAreNotTouched() {
        ns.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: taken-primary}
                spec:
                  selector: {app: other}
                  ports: [{port: 80}]
                """);
        JsonNode before = ns.get("service", "taken-primary");
        Cluster cluster = ns.apply(Manifest.cluster("taken"));
        cluster.awaitPhase("Failed");
        var condition = cluster.awaitCondition("ConfigurationValid", "False", "ResourceConflict");
        assertThat(condition.message()).contains("taken-primary");
        assertThat(ns.get("service", "taken-primary")).isEqualTo(before);
        ns.kubectl("delete", "pgc", "taken", "--timeout=60s").orThrow();
        assertThat(ns.get("service", "taken-primary")).isEqualTo(before);
    }

    /** A Secret that a user created beforehand; no member starts with a value that is no password. */
    @Test
    void aPasswordThatCannotBeUsedIsNamed() {
        String secret = """
                apiVersion: v1
                kind: Secret
                metadata: {name: unusable-credentials}
                stringData: {password: "%s"}
                """;
        ns.apply(secret.formatted("two\\nlines"));
        Cluster cluster = ns.apply(Manifest.cluster("unusable"));
        assertThat(cluster.awaitCondition("ConfigurationValid", "False", "InvalidPassword")
                        .message())
                .contains("Secret unusable-credentials: key password contains the control character U+000A");
        assertThat(cluster.awaitEvent("InvalidPassword").getType()).isEqualTo("Warning");
        assertThat(ns.kubectl("get", "statefulset", "unusable").ok()).isFalse();
        ns.apply(secret.formatted("One-line"));
        cluster.awaitPhase("Running");
        assertThat(cluster.credential("password")).isEqualTo("One-line");
    }

    @Test
    @Acceptance({49, 51})
    void certificateSaysWhatTheSpecSays() {
        ns.apply(Manifest.cluster("cert")
                        .spec(
                                "tls",
                                Map.of(
                                        "issuerRef",
                                        Map.of("name", "selfsigned-issuer"),
                                        "additionalDnsNames",
                                        List.of("postgres.example.com", "cert-primary"),
                                        "duration",
                                        "2160h",
                                        "renewBefore",
                                        "360h")))
                .awaitPhase("Running");
        JsonNode spec = ns.get("certificate", "cert-tls").path("spec");
        assertThat(spec.at("/issuerRef/name").asText()).isEqualTo("selfsigned-issuer");
        assertThat(spec.at("/issuerRef/kind").asText()).isEqualTo("ClusterIssuer");
        assertThat(spec.path("secretName").asText()).isEqualTo("cert-tls");
        assertThat(spec.path("duration").asText()).isIn("2160h", "2160h0m0s");
        assertThat(spec.path("renewBefore").asText()).isIn("360h", "360h0m0s");
        assertThat(spec.at("/privateKey/algorithm").asText()).isEqualTo("RSA");
        assertThat(spec.at("/privateKey/size").asInt()).isEqualTo(4096);
        assertThat(spec.at("/privateKey/encoding").asText()).isEqualTo("PKCS8");
        assertThat(spec.at("/privateKey/rotationPolicy").asText()).isEqualTo("Always");
        var names = Json.texts(spec.path("dnsNames"));
        assertThat(names).doesNotHaveDuplicates().last().isEqualTo("postgres.example.com");
        for (String service : List.of("cert-primary", "cert-repl", "cert-headless", "cert")) {
            for (String suffix :
                    List.of("", "." + ns.name(), "." + ns.name() + ".svc", "." + ns.name() + ".svc.cluster.local")) {
                assertThat(names).contains(service + suffix);
            }
        }
        assertThat(names)
                .contains(
                        "*.cert-headless." + ns.name() + ".svc",
                        "*.cert-headless." + ns.name() + ".svc.cluster.local",
                        "localhost");
    }

    @Test
    @Acceptance(52)
    void withoutATlsBlockTlsIsOn() {
        Cluster cluster =
                ns.apply(Manifest.cluster("default").without("spec", "tls")).awaitPhase("Running");
        assertThat(ns.get("issuer", "default-selfsigned").at("/spec/selfSigned").isObject())
                .isTrue();
        assertThat(ns.get("certificate", "default-ca")
                        .at("/spec/issuerRef/name")
                        .asText())
                .isEqualTo("default-selfsigned");
        assertThat(ns.get("issuer", "default-ca").at("/spec/ca/secretName").asText())
                .isEqualTo("default-ca");
        assertThat(ns.get("certificate", "default-tls")
                        .at("/spec/issuerRef/name")
                        .asText())
                .isEqualTo("default-ca");
        assertThat(cluster.status().path("tlsEnabled").asBoolean()).isTrue();
        var restore = Manifest.cluster("restored")
                .without("spec", "tls")
                .spec(
                        "restore",
                        Map.of(
                                "source",
                                Map.of(
                                        "bucket",
                                        "b",
                                        "region",
                                        "r",
                                        "credentialsSecret",
                                        "s",
                                        "encryptionKeySecret",
                                        "k")));
        assertThat(ns.kubectlReading(restore.text(), "apply", "--dry-run=server", "-f", "-")
                        .ok())
                .isTrue();
    }

    @Test
    @Acceptance(53)
    void tlsWithoutIssuerIsRefused() {
        var result = ns.tryApply(Manifest.cluster("noissuer").spec("tls", Map.of("enabled", true)));
        assertThat(result.ok()).isFalse();
        assertThat(result.err())
                .contains("TLS is enabled but no issuer reference is configured. Set spec.tls.issuerRef or"
                        + " spec.tls.enabled: false");
    }

    @Test
    @Acceptance({50, 54})
    void withoutCertificateNoMembers() {
        ApiServer.members().hold(ns.name());
        try {
            Cluster cluster = ns.apply(Manifest.cluster("waits")
                    .spec("tls", Map.of("issuerRef", Map.of("name", "mine", "kind", "Issuer"))));
            cluster.awaitPhase("Creating", "Pending");
            cluster.awaitCondition("Ready", "False", "WaitingForCertificate");
            JsonNode reference = ns.get("certificate", "waits-tls").at("/spec/issuerRef");
            assertThat(reference.path("kind").asText()).isEqualTo("Issuer");
            assertThat(reference.path("name").asText()).isEqualTo("mine");
            assertThat(ns.get("statefulset", "waits").isMissingNode()).isTrue();
            ApiServer.members().release(ns.name());
            cluster.awaitPhase("Running");
        } finally {
            ApiServer.members().release(ns.name());
        }
    }

    @Test
    void fieldsWithoutBehaviourAreNamed() {
        Cluster cluster = ns.apply(Manifest.cluster("early").spec("hibernate", true));
        var condition = cluster.awaitCondition("ConfigurationValid", "False", "NotYetSupported");
        assertThat(condition.message()).contains("hibernate");
        assertThat(cluster.phase()).isEqualTo("Failed");
        cluster.patch("{\"spec\":{\"hibernate\":false}}");
        cluster.awaitPhase("Running");
        cluster.awaitCondition("ConfigurationValid", "True", "SpecValid");
    }

    @Test
    @Acceptance({12})
    @BadInput(51)
    void reservedLabelsAreReportedOnce() {
        Cluster cluster = ns.apply(Manifest.cluster("labelled")
                        .spec("labels", Map.of(Project.GROUP + "/cluster", "x", "spilo-role", "master")))
                .awaitPhase("Running");
        assertThat(cluster.awaitEvent("ReservedLabelIgnored").getMessage()).contains("spilo-role");
        cluster.patch("{\"spec\":{\"failover\":{\"ttl\":25}}}");
        cluster.awaitPhase("Running");
        assertThat(cluster.eventCount("ReservedLabelIgnored")).isEqualTo(1);
        assertThat(ns.get("statefulset", "labelled")
                        .at("/metadata/labels")
                        .path(Project.GROUP + "/cluster")
                        .asText())
                .isEqualTo("labelled");
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
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
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** Certificates as clients see them: names, refusal of plain connections, renewal, and TLS switched off. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TlsE2E {
    private static final String START = "SELECT pg_postmaster_start_time()";

    private final Namespace ns;
    private final Cluster cluster;

    TlsE2E(Namespace ns) {
        this.ns = ns;
        this.cluster = ns.cluster("tls");
    }

    /** An issuer with a certificate of its own, so that a renewed certificate is by the same authority. */
    @BeforeAll
    void create() {
        ns.apply("""
                apiVersion: cert-manager.io/v1
                kind: Certificate
                metadata: {name: authority}
                spec:
                  isCA: true
                  commonName: authority
                  secretName: authority
                  issuerRef: {name: selfsigned-issuer, kind: ClusterIssuer}
                """);
        ns.apply(Manifest.cluster("tls")
                .replicas(2)
                .spec(
                        "tls",
                        Map.of(
                                "issuerRef",
                                Map.of("name", "authority", "kind", "Issuer"),
                                "additionalDnsNames",
                                List.of("postgres.example.com"))));
    }

    @Test
    @Order(1)
    @Acceptance(50)
    @BadInput(11)
    void waitsForTheIssuerAndGoesOnByItself() {
        var missing = cluster.awaitCondition("CertificateReady", "False", "IssuerNotFound");
        assertThat(missing.message()).contains("authority");
        assertThat(cluster.phase()).isIn("Pending", "Creating");
        assertThat(ns.get("sts", "tls").isMissingNode()).isTrue();
        ns.apply("""
                apiVersion: cert-manager.io/v1
                kind: Issuer
                metadata: {name: authority}
                spec:
                  ca: {secretName: authority}
                """);
        cluster.awaitPhase("Running");
        assertThat(ns.get("certificate", "tls-tls").at("/spec/issuerRef/kind").asText())
                .isEqualTo("Issuer");
        cluster.awaitCondition("CertificateReady", "True", "Issued");
    }

    @Test
    @Order(2)
    @Acceptance(55)
    void clientsVerifyEveryNameAndPlainConnectionsAreRefused() {
        String password = cluster.credential("password");
        ClientPod client = ClientPod.start(ns, "client", "tls-tls");
        Waiting.untilAsserted("plain connections are refused", Waiting.SHORT, () -> {
            var plain = client.psql("host=tls-primary user=postgres sslmode=disable", password, "SELECT 1");
            assertThat(plain.ok()).isFalse();
            assertThat(plain.err()).contains("pg_hba.conf rejects connection", "no encryption");
        });
        for (String service : List.of("tls-primary", "tls-repl", "tls-headless", "tls")) {
            for (String suffix :
                    List.of("", "." + ns.name(), "." + ns.name() + ".svc", "." + ns.name() + ".svc.cluster.local")) {
                String connection =
                        "host=%s user=postgres sslmode=verify-full sslrootcert=/tls/ca.crt".formatted(service + suffix);
                client.awaitAnswer(
                        connection, password, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()", "t");
            }
        }
        String member = "tls-0.tls-headless." + ns.name() + ".svc";
        client.awaitAnswer(
                "host=%s user=postgres sslmode=verify-full sslrootcert=/tls/ca.crt".formatted(member),
                password,
                "SELECT 1",
                "1");
        // The Service is not known under this name: the certificate is, whatever address it is reached by.
        String address = client.exec("getent", "hosts", "tls-primary").orThrow().split("\\s+", -1)[0];
        client.awaitAnswer(
                "host=postgres.example.com hostaddr=%s user=postgres sslmode=verify-full sslrootcert=/tls/ca.crt"
                        .formatted(address),
                password,
                "SELECT 1",
                "1");
        assertThat(cluster.sql(cluster.primary(), "SHOW ssl_min_protocol_version"))
                .isEqualTo("TLSv1.2");
    }

    @Test
    @Order(3)
    @Acceptance(57)
    void aRenewedCertificateIsShownWithoutARestart() {
        var started = postmasters();
        awaitOthers(() -> ns.kubectl("delete", "secret", "tls-tls").orThrow());
        assertThat(postmasters()).isEqualTo(started);
        cluster.awaitPhase("Running");
    }

    /** Neither the operator nor the other members trust what a member shows until it has been told of the new one. */
    @Test
    @Order(4)
    @Acceptance(57)
    void aCertificateByAnotherAuthorityIsShownWithoutARestartAndTrusted() {
        var started = postmasters();
        awaitOthers(() -> cluster.patch(
                "{\"spec\":{\"tls\":{\"issuerRef\":{\"name\":\"selfsigned-issuer\",\"kind\":\"ClusterIssuer\"}}}}"));
        awaitOthers(() -> ns.kubectl("delete", "secret", "tls-tls").orThrow());
        assertThat(postmasters()).isEqualTo(started);
        String primary = cluster.awaitPhase("Running").primary();
        ns.kubectl("annotate", "pgc", "tls", Project.GROUP + "/switchover=auto").orThrow();
        cluster.awaitPrimaryOtherThan(primary);
        cluster.awaitPhase("Running");
    }

    /** As clusters of a former release do, whose certificate was signed by itself. */
    @Test
    @Order(5)
    @Acceptance(52)
    void withoutAnIssuerTheClusterHasAnAuthorityThatStaysTheSame() {
        Failover.awaitStreaming(cluster, 1);
        var started = postmasters();
        awaitOthers(() -> cluster.patch("{\"spec\":{\"tls\":null}}"));
        String authority = ns.secret("tls-tls", "ca.crt");
        assertThat(authority).isEqualTo(ns.secret("tls-ca", "tls.crt")).isNotEqualTo(ns.secret("tls-tls", "tls.crt"));
        ClientPod client = new ClientPod(ns, "client");
        client.exec("sh", "-c", "printf '%s' \"$1\" >/tmp/ca.crt", "sh", authority)
                .orThrow();

        awaitOthers(() -> ns.kubectl("delete", "secret", "tls-tls").orThrow());
        assertThat(ns.secret("tls-tls", "ca.crt")).isEqualTo(authority);
        client.awaitAnswer(
                "host=tls-primary user=postgres sslmode=verify-full sslrootcert=/tmp/ca.crt",
                cluster.credential("password"),
                "SELECT 1",
                "1");
        assertThat(postmasters()).isEqualTo(started);
        String primary = cluster.awaitPhase("Running").primary();
        ns.kubectl("annotate", "pgc", "tls", Project.GROUP + "/switchover=auto").orThrow();
        cluster.awaitPrimaryOtherThan(primary);
        cluster.awaitPhase("Running");
    }

    /** Each member shows another certificate after that. */
    private void awaitOthers(Runnable renewal) {
        List<String> before = shown();
        renewal.run();
        // A member that shows none in time does not count as one that shows the new one.
        Waiting.until(
                "new connections get the new certificate",
                Waiting.LONG,
                this::shown,
                now -> now.size() == 2
                        && now.stream().allMatch(serial -> serial.startsWith("serial=") && !before.contains(serial)));
    }

    /** The serial number of the certificate that each member shows to a new connection. */
    private List<String> shown() {
        return cluster.pods().stream()
                .map(p -> cluster.exec(
                                p.getMetadata().getName(),
                                "sh",
                                "-c",
                                "echo | timeout 10 openssl s_client -starttls postgres -connect localhost:5432 2>/dev/null"
                                        + " | openssl x509 -noout -serial")
                        .out()
                        .strip())
                .toList();
    }

    private Map<String, String> postmasters() {
        return cluster.pods().stream()
                .map(p -> p.getMetadata().getName())
                .collect(Collectors.toMap(name -> name, name -> cluster.sql(name, START)));
    }

    @Test
    @Order(6)
    @Acceptance(59)
    void switchedOffTheMembersRestartOneByOne() {
        Map<String, String> before = uids();
        var counter = new NotReadyCounter();
        try (var watch = ns.client()
                .pods()
                .inNamespace(ns.name())
                .withLabels(cluster.selector())
                .watch(counter)) {
            cluster.patch("{\"spec\":{\"tls\":{\"enabled\":false}}}");
            Waiting.until(
                    "every member is a new pod",
                    Waiting.LONG,
                    this::uids,
                    now -> now.size() == before.size()
                            && now.entrySet().stream()
                                    .noneMatch(e -> e.getValue().equals(before.get(e.getKey()))));
            cluster.awaitPhase("Running");
            assertThat(watch).isNotNull();
        }
        assertThat(counter.atOnce(ns))
                .as("members that were not Ready at one time")
                .allMatch(count -> count <= 1);
        assertThat(ns.get("certificate", "tls-tls").isMissingNode()).isTrue();
        assertThat(cluster.sql(cluster.primary(), "SHOW ssl")).isEqualTo("off");
        assertThat(cluster.status().path("tlsEnabled").asBoolean()).isFalse();
    }

    private Map<String, String> uids() {
        return cluster.pods().stream()
                .collect(Collectors.toMap(
                        p -> p.getMetadata().getName(),
                        (Pod p) -> p.getMetadata().getUid()));
    }

    @Test
    @Order(1)
    @Acceptance(56)
    void withoutTlsPlainConnectionsAreAcceptedAndAWarningIsGivenOnce() {
        Cluster plain = ns.apply(Manifest.cluster("plain").noTls()).awaitPhase("Running");
        ClientPod client = ClientPod.start(ns, "plain-client");
        client.awaitAnswer(
                "host=plain-primary user=postgres sslmode=disable", plain.credential("password"), "SELECT 1", "1");
        plain.patch("{\"spec\":{\"postgresqlParams\":{\"work_mem\":\"11MB\"}}}");
        plain.awaitPhase("Running");
        assertThat(plain.eventCount("TLSDisabled")).isEqualTo(1);
        assertThat(plain.status().path("tlsEnabled").isBoolean()).isTrue();
        assertThat(plain.status().path("tlsEnabled").asBoolean()).isFalse();
    }
}

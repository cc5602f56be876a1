package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.user.ClientPod;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the exporters of a cluster tell, and what they cannot do. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MetricsE2E {
    private static final String NAME = "metered";
    private static final String ROLE = "postgres_operator_monitor";

    private final Namespace ns;
    private final Cluster cluster;
    private ClientPod scraper;

    @SuppressWarnings("NullAway.Init") // the pod starts before the first test
    MetricsE2E(Namespace ns) {
        this.ns = ns;
        cluster = ns.cluster(NAME);
    }

    @BeforeAll
    void create() {
        ns.apply(Manifest.cluster(NAME)
                        .replicas(2)
                        .spec("metrics", Map.of("enabled", true))
                        .spec("networkPolicy", Map.of("allowFromPodSelector", Map.of("app", "scraper"))))
                .awaitPhase("Running");
        scraper = ClientPod.start(ns, "scraper");
        ns.kubectl("label", "pod", "scraper", "app=scraper").orThrow();
    }

    private String scrape(String host) {
        return scraper.exec("python3", "-c", """
                        import urllib.request
                        print(urllib.request.urlopen("http://%s:9187/metrics", timeout=10).read().decode())
                        """.formatted(host)).out();
    }

    private void awaitUp(String host) {
        Waiting.until(
                "the exporter at " + host + " reads its server",
                Waiting.SHORT,
                () -> scrape(host),
                text -> text.lines().anyMatch("pg_up 1"::equals));
    }

    private List<String> addresses() {
        return cluster.pods().stream().map(pod -> pod.getStatus().getPodIP()).toList();
    }

    @Test
    @Order(1)
    @Acceptance(209)
    void everyMemberTellsOfItself() {
        awaitUp(NAME + "-metrics");
        for (String address : addresses()) {
            awaitUp(address);
            assertThat(scrape(address))
                    .contains(
                            "pg_stat_database_xact_commit{",
                            "pg_settings_max_connections{",
                            "pg_replication_is_replica ");
        }
    }

    @Test
    @Order(2)
    void prometheusIsToldOfThem() {
        Waiting.until(
                "there is a PodMonitor",
                Waiting.SHORT,
                () -> ns.kubectl("get", "podmonitor", NAME + "-metrics", "-o", "jsonpath={.spec.podMetricsEndpoints}")
                        .out(),
                "[{\"port\":\"metrics\"}]"::equals);
    }

    @Test
    @Order(2)
    void theRoleReadsNoDataAndWritesNone() {
        cluster.sql(cluster.primary(), "CREATE TABLE mine AS SELECT 1 AS id");
        String password = ns.secret(NAME + "-monitoring", "password");
        String local = "host=127.0.0.1 sslmode=disable user=%s dbname=postgres".formatted(ROLE);
        for (String refused : List.of(
                "SELECT * FROM public.mine",
                "BEGIN READ WRITE; CREATE TABLE public.theirs (id int)",
                "SELECT pg_read_file('postgresql.conf')")) {
            assertThat(cluster.exec(
                                    cluster.primary(),
                                    "env",
                                    "PGPASSWORD=" + password,
                                    "psql",
                                    "-XAtq",
                                    "-v",
                                    "ON_ERROR_STOP=1",
                                    "-d",
                                    local,
                                    "-c",
                                    refused)
                            .err())
                    .as(refused)
                    .contains("permission denied");
        }
        for (Pod pod : cluster.pods()) {
            assertThat(pod.getSpec().getContainers().get(1).getVolumeMounts())
                    .extracting("mountPath")
                    .containsExactlyInAnyOrder(
                            "/opt/postgres-operator/bin",
                            "/etc/monitoring",
                            "/var/run/secrets/kubernetes.io/serviceaccount");
            assertThat(ns.kubectl(
                                    "exec",
                                    pod.getMetadata().getName(),
                                    "-c",
                                    "exporter",
                                    "--",
                                    "ls",
                                    "/var/run/secrets/kubernetes.io/serviceaccount")
                            .orThrow())
                    .isEmpty();
        }
    }

    @Test
    @Order(3)
    void aScrapeThatMeetsALockIsGivenUp() {
        ns.kubectl(
                        "exec",
                        cluster.primary(),
                        "--",
                        "sh",
                        "-c",
                        "(psql -c 'BEGIN; LOCK TABLE mine; SELECT pg_sleep(20)' >/dev/null 2>&1 &)")
                .orThrow();
        for (int scrape = 0; scrape < 5; scrape++) {
            awaitUp(NAME + "-metrics");
        }
        assertThat(Integer.parseInt(cluster.sql(
                        cluster.primary(),
                        "SELECT count(*) FROM pg_stat_activity WHERE usename = '%s'".formatted(ROLE))))
                .isLessThanOrEqualTo(3);
    }

    @Test
    @Order(4)
    void anotherPasswordIsUsedWithoutARestart() {
        List<String> before = cluster.containers();
        String former = ns.secret(NAME + "-monitoring", "password");
        ns.kubectl("delete", "secret", NAME + "-monitoring").orThrow();
        Waiting.until(
                "there is another password",
                Waiting.SHORT,
                () -> ns.get("secret", NAME + "-monitoring")
                        .at("/data/password")
                        .asText(),
                text -> !text.isEmpty());
        assertThat(ns.secret(NAME + "-monitoring", "password")).isNotEqualTo(former);
        cluster.sql(
                cluster.primary(),
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '%s'".formatted(ROLE));
        addresses().forEach(this::awaitUp);
        assertThat(cluster.containers()).isEqualTo(before);
    }

    @Test
    @Order(5)
    @Tag("soak")
    void aRoleThatIsDroppedComesBack() {
        cluster.sql(cluster.primary(), "DROP ROLE " + ROLE);
        Waiting.until(
                "the role is back",
                Waiting.LONG,
                () -> cluster.sql(
                        cluster.primary(), "SELECT count(*) FROM pg_roles WHERE rolname = '%s'".formatted(ROLE)),
                "1"::equals);
        awaitUp(NAME + "-metrics");
    }

    @Test
    @Order(6)
    void switchedOffNobodyLogsIn() {
        cluster.patch("{\"spec\":{\"metrics\":{\"enabled\":false}}}");
        Waiting.untilAsserted(
                "no member has an exporter",
                Waiting.LONG,
                () -> assertThat(cluster.pods())
                        .hasSize(2)
                        .allSatisfy(
                                pod -> assertThat(pod.getSpec().getContainers()).hasSize(1)));
        cluster.awaitPhase("Running");
        Waiting.until(
                "the role cannot log in",
                Waiting.SHORT,
                () -> cluster.sql(
                        cluster.primary(), "SELECT rolcanlogin FROM pg_roles WHERE rolname = '%s'".formatted(ROLE)),
                "f"::equals);
        assertThat(ns.get("secret", NAME + "-monitoring").isMissingNode()).isTrue();
        assertThat(ns.kubectl("get", "podmonitor", "-o", "name").out()).isEmpty();
    }
}

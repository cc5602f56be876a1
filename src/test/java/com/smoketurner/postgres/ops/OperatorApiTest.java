package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.smoketurner.postgres.ops.lease.ApiLease;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.lab.OperatorProcess;
import com.smoketurner.postgres.testing.lab.OperatorProcess.Options;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The packaged operator as a process under its shipped ServiceAccount: how it starts, leads and ends. */
@ExtendWith(ApiServer.class)
@Tag(ApiServer.STARTS)
class OperatorApiTest {
    private final KubernetesClient client;

    OperatorApiTest(KubernetesClient client) {
        this.client = client;
    }

    @BeforeEach
    @AfterEach
    void nobodyLeads() {
        client.leases()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName(ApiLease.NAME)
                .delete();
    }

    private OperatorProcess launch(Map<String, String> environment) {
        return OperatorProcess.launch(client, Options.of(environment));
    }

    private String holder() {
        return Operator.holderOfLease(client);
    }

    private static boolean leads(OperatorProcess operator) {
        return operator.get("/metrics")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("postgres_operator_leader") && line.endsWith(" 1.0"));
    }

    private static void awaitLead(OperatorProcess operator) {
        Waiting.until("the operator leads", Waiting.SHORT, () -> leads(operator), leading -> leading);
    }

    @Test
    @Acceptance({9, 10, 202})
    void fromStartToAnOrderlyStop() throws IOException {
        var operator = launch(Map.of("POD_NAME", "alone")).awaitReady();
        awaitLead(operator);
        assertThat(holder()).isEqualTo("alone");
        assertThat(operator.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(operator.get("/metrics").statusCode()).isEqualTo(200);

        operator.terminate();
        assertThat(readinessUntilTheEnd(operator))
                .as("answers of /readyz after SIGTERM; 0 is none")
                .matches("(200 )*(503 )*0 ");
        assertThat(operator.exitCode(Waiting.SHORT)).isZero();
        assertThat(holder()).as("the Lease is released").isEmpty();

        var json = new ObjectMapper();
        for (String line : operator.log().lines().toList()) {
            var entry = json.readTree(line);
            assertThat(entry.path("level").asText()).as(line).isIn("INFO", "WARN");
            assertThat(entry.has("stackTrace")).as(line).isFalse();
        }
    }

    private static String readinessUntilTheEnd(OperatorProcess operator) {
        var codes = new StringBuilder();
        int code;
        do {
            code = operator.get("/readyz").statusCode();
            codes.append(code).append(' ');
        } while (code != 0);
        return codes.toString();
    }

    @Test
    @Acceptance(203)
    void theOtherTakesOverFromOneThatWasKilled() {
        try (var first = launch(Map.of("POD_NAME", "first")).awaitReady()) {
            awaitLead(first);
            try (var second = launch(Map.of("POD_NAME", "second")).awaitReady()) {
                assertThat(leads(second)).as("ready without the Lease").isFalse();
                first.kill();
                awaitLead(second);
                assertThat(holder()).isEqualTo("second");
            }
        }
    }

    @Test
    @Acceptance(203)
    void theOtherTakesOverFromOneThatWasStopped() {
        try (var first = launch(Map.of("POD_NAME", "first")).awaitReady()) {
            awaitLead(first);
            try (var second = launch(Map.of("POD_NAME", "second")).awaitReady()) {
                first.terminate();
                assertThat(first.exitCode(Waiting.SHORT)).isZero();
                awaitLead(second);
                assertThat(holder()).isEqualTo("second");
            }
        }
    }

    @Test
    @Acceptance(203)
    void whoLosesTheLeaseEndsAtOnce() {
        try (var operator = launch(Map.of()).awaitReady()) {
            awaitLead(operator);
            seize();
            assertThat(operator.exitCode(Waiting.SHORT)).isEqualTo(1);
            assertThat(operator.log()).contains("lost leadership, exiting: the Lease is held by thief");
            assertThat(holder()).isEqualTo("thief");
        }
    }

    private void seize() {
        client.leases()
                .inNamespace(Project.OPERATOR_NAMESPACE)
                .withName(ApiLease.NAME)
                .edit(lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity("thief")
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build());
    }

    @Test
    void aBadValueStopsTheStartWithOneLine() {
        try (var operator = launch(Map.of("POSTGRES_OPERATOR_RESYNC_SECONDS", "often"))) {
            assertThat(operator.exitCode(Waiting.SHORT)).isEqualTo(2);
            assertThat(operator.log())
                    .hasLineCount(1)
                    .contains("POSTGRES_OPERATOR_RESYNC_SECONDS", "often", "an integer from 5 to 3600");
        }
    }

    @Test
    void oneProcessWithoutAPodWorksWithoutLeaderElection() {
        var environment = Map.of(
                "POD_NAME", "",
                "POD_NAMESPACE", "",
                "POSTGRES_OPERATOR_LEADER_ELECTION", "false",
                "POSTGRES_OPERATOR_LOG_FORMAT", "text");
        try (var operator = launch(environment).awaitReady()) {
            awaitLead(operator);
            assertThat(holder()).isEmpty();
            assertThat(operator.log()).doesNotContain("{\"timestamp\"");
        }
    }

    /** Lists of cert-manager's kinds fail: what needs no TLS is managed, and they are followed as soon as they succeed. */
    @Test
    void optionalKindsThatCannotBeListedAreRetried() {
        ClusterRole shipped =
                client.rbac().clusterRoles().withName(Project.OPERATOR).get();
        client.rbac().clusterRoles().withName(Project.OPERATOR).edit(OperatorApiTest::withoutListingIssuers);
        try (var operator = launch(Map.of("POD_NAME", "blind", "QUARKUS_OPERATOR_SDK_CACHE_SYNC_TIMEOUT", "3s"))) {
            operator.awaitReady();
            awaitLead(operator);
            assertThat(operator.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(operator.get("/readyz").body()).contains("Issuer");
            assertThat(operator.log())
                    .contains("starting without Issuer", "cannot list resource \\\"issuers\\\"")
                    .doesNotContain("Should provide non-null group");

            client.resource(new ClusterRoleBuilder(shipped)
                            .editMetadata()
                            .withResourceVersion(null)
                            .endMetadata()
                            .build())
                    .update();
            Waiting.until(
                    "issuers are followed",
                    Waiting.LONG,
                    () -> operator.get("/readyz").body(),
                    body -> !body.contains("Issuer"));
            assertThat(operator.alive()).isTrue();
        }
    }

    private static ClusterRole withoutListingIssuers(ClusterRole role) {
        return new ClusterRoleBuilder(role)
                .withRules(role.getRules().stream()
                        .map(rule -> !rule.getResources().contains("issuers")
                                ? rule
                                : new PolicyRuleBuilder(rule)
                                        .withResources(rule.getResources().stream()
                                                .filter(resource -> !resource.equals("issuers"))
                                                .toList())
                                        .build())
                        .toList())
                .build();
    }

    @Test
    void anApiServerThatIsAwayIsWaitedFor() {
        try (var operator = OperatorProcess.launch(client, new Options(Map.of(), List.of(), "https://127.0.0.1:1"))) {
            Waiting.until(
                    "the operator says what it waits for",
                    Waiting.SHORT,
                    operator::log,
                    log -> log.contains("waiting for the API server"));
            assertThat(operator.alive()).isTrue();
            assertThat(operator.get("/readyz").statusCode()).isEqualTo(503);
            assertThat(operator.get("/healthz").statusCode()).isEqualTo(200);
            operator.terminate();
            assertThat(operator.exitCode(Duration.ofMinutes(1))).isZero();
        }
    }
}

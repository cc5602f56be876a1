package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.Alone;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.observe.AuditLog;
import com.smoketurner.postgres.testing.user.Cluster;
import com.smoketurner.postgres.testing.user.Namespace;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to a member that do not need the pod network. Everything else is tested over the pod network. */
@ExtendWith(EndToEnd.class)
@Alone("the settings of the operator change")
class ConnectModesE2E {
    private static final String VARIABLE = "POSTGRES_OPERATOR_CONNECT_MODE";

    private final Namespace ns;

    ConnectModesE2E(Namespace ns) {
        this.ns = ns;
    }

    @ParameterizedTest
    @CsvSource({"exec, pods/exec", "port-forward, pods/portforward"})
    void membersAreAskedAndCommanded(String mode, String resource) {
        Instant start = Instant.now();
        Operator operator = new Operator(ns.lab(), ns.client());
        operator.set(VARIABLE + "=" + mode);
        try {
            Cluster cluster =
                    ns.apply(Manifest.cluster("by-" + mode).replicas(2)).awaitPhase("Running");
            // Asked of Patroni: the release; asked for by Patroni's REST interface with a body: restarts.
            Waiting.until(
                    "the release is known",
                    Waiting.SHORT,
                    () -> cluster.status().path("serverVersion").asText(""),
                    version -> version.startsWith("16."));
            cluster.patch("{\"spec\":{\"postgresqlParams\":{\"max_connections\":\"150\"}}}");
            for (String member : List.of(cluster.name() + "-0", cluster.name() + "-1")) {
                Waiting.until(
                        member + " was restarted",
                        Waiting.LONG,
                        () -> cluster.exec(member, "psql", "-U", "postgres", "-XAtqc", "SHOW max_connections")
                                .out()
                                .strip(),
                        "150"::equals);
                awaitNoRelay(cluster, member);
            }
            assertThat(new AuditLog(ns.lab().auditLog()).ofOperator(start))
                    .as("requests of the operator")
                    .anyMatch(request -> request.resource().equals(resource) && !request.refused());
            // A request may take too long on a busy machine; any other failure is one of the way.
            assertThat(operator.logs().lines().filter(line -> line.contains("it is tried again")))
                    .allMatch(line -> line.contains("timed out"));
        } finally {
            operator.set(VARIABLE + "-");
        }
    }

    private static void awaitNoRelay(Cluster cluster, String member) {
        Waiting.until(
                "no relay is left behind in " + member,
                Waiting.SHORT,
                () -> cluster.exec(member, "sh", "-c", "grep -ls '[c]reate_connection' /proc/[0-9]*/cmdline || :")
                        .orThrow()
                        .strip(),
                String::isEmpty);
    }
}

package com.smoketurner.postgres.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.EndToEnd;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.lab.Operator;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is there after the one file has been applied to an empty cluster. */
@ExtendWith(EndToEnd.class)
class InstallationE2E {
    private final Lab lab;
    private final Operator operator;

    InstallationE2E(Lab lab, KubernetesClient client) {
        this.lab = lab;
        this.operator = new Operator(lab, client);
    }

    @Test
    @Acceptance(1)
    void kindsAreKnownAndTheOperatorIsAvailable() {
        for (String kind : List.of("postgresclusters", "postgresdatabases", "postgresupgrades")) {
            lab.kubectl(
                            "",
                            List.of(
                                    "wait",
                                    "--for=condition=Established",
                                    "crd/" + kind + "." + Project.GROUP,
                                    "--timeout=60s"))
                    .orThrow();
        }
        operator.kubectl("wait", "--for=condition=Available", "deployment/" + Project.OPERATOR, "--timeout=120s");
        assertThat(operator.pod().getSpec().getContainers().getFirst().getImage())
                .startsWith("ghcr.io/smoketurner/postgres-operator:");
        assertThat(operator.pod().getSpec().getServiceAccountName()).isEqualTo(Project.OPERATOR);
    }

    @Test
    void kindsWithoutBehaviourSaySo(Namespace ns) {
        for (String sample : List.of("upgrade")) {
            ns.kubectl(
                            "apply",
                            "-f",
                            Project.file("deploy/samples/later/" + sample + ".yaml", "use a complete checkout")
                                    .toString())
                    .orThrow();
        }
        ns.kubectl(
                        "wait",
                        "--for=jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=NotYetSupported",
                        "--timeout=60s",
                        "postgresupgrade/my-cluster-upgrade")
                .orThrow();
    }

    @Test
    @Acceptance(9)
    void theLeaseNamesTheOperatorPod() {
        Waiting.until(
                "the lease is held by the operator's pod",
                Waiting.SHORT,
                operator::leaseHolder,
                holder -> holder.equals(operator.pod().getMetadata().getName()));
    }

    @Test
    @Acceptance(10)
    void logsAreOneJsonObjectALine() {
        String logs = operator.logs();
        assertThat(logs).isNotBlank();
        assertThat(logs.lines())
                .allSatisfy(
                        line -> assertThat(Json.parse(line).isObject()).as(line).isTrue());
    }
}

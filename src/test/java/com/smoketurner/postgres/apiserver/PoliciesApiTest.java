package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shipped admission policies and samples. */
@ExtendWith(ApiServer.class)
class PoliciesApiTest {
    private final Namespace ns;

    PoliciesApiTest(Namespace ns) {
        this.ns = ns;
    }

    /** Limits, backup and three members: what a production namespace asks for. */
    private static Manifest complete() {
        return Manifest.cluster("prod")
                .replicas(3)
                .spec(
                        "resources",
                        Map.of(
                                "requests", Map.of("cpu", "1", "memory", "1Gi"),
                                "limits", Map.of("cpu", "2", "memory", "2Gi")))
                .spec(
                        "backup",
                        Map.of(
                                "schedule", "0 2 * * *",
                                "destination",
                                        Map.of("type", "S3", "bucket", "b", "region", "r", "credentialsSecret", "s"),
                                "encryption", Map.of("keySecret", "k")));
    }

    private static Command dryRun(Namespace in, Manifest manifest) {
        var result = in.kubectlReading(manifest.text(), "apply", "--dry-run=server", "-f", "-");
        return new Command(result.ok(), result.err());
    }

    private record Command(boolean ok, String said) {}

    @Test
    @Acceptance(206)
    @BadInput(52)
    void productionNamespacesAskForMore() {
        Namespace production =
                Namespace.create(ns.lab(), ns.client(), "ProductionPolicies", Map.of("env", "production"));
        assertThat(dryRun(production, complete())).matches(Command::ok);
        Map<String, Manifest> wrong = Map.of(
                "[ProductionHARequired]", complete().replicas(2),
                "[ProductionBackupRequired]", complete().without("spec", "backup"),
                "[ProductionResourceLimitsRequired]", complete().without("spec", "resources", "limits", "memory"),
                "[ProductionExternalAccessNotAllowed]",
                        complete().spec("networkPolicy", Map.of("enabled", true, "allowExternalAccess", true)));
        wrong.forEach((reason, manifest) -> {
            var refused = dryRun(production, manifest);
            assertThat(refused.ok()).as(reason).isFalse();
            assertThat(refused.said()).contains(reason);
            assertThat(dryRun(ns, manifest).ok()).as("%s elsewhere", reason).isTrue();
        });
        assertThat(dryRun(
                                production,
                                complete()
                                        .spec(
                                                "networkPolicy",
                                                Map.of("enabled", true, "allowExternalCidrs", List.of("0.0.0.0/0"))))
                        .said())
                .contains("[ProductionExternalAccessNotAllowed]");
        production.delete();
    }

    @Test
    void whatDoesNotChangeTheSpecIsAllowed() {
        var labelled = Namespace.create(ns.lab(), ns.client(), "LaterProduction", Map.of());
        labelled.apply(Manifest.cluster("small").noTls().text());
        labelled.kubectl("label", "namespace", labelled.name(), "env=production")
                .orThrow();
        labelled.kubectl("annotate", "pgc", "small", "example.com/note=x").orThrow();
        labelled.kubectl("delete", "pgc", "small", "--wait=false").orThrow();
        labelled.delete();
    }
}

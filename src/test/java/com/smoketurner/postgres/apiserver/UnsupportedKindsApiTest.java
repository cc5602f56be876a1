package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds whose API is there before their behaviour. */
@ExtendWith(ApiServer.class)
class UnsupportedKindsApiTest {
    private final Namespace ns;

    UnsupportedKindsApiTest(Namespace ns) {
        this.ns = ns;
    }

    @ParameterizedTest
    @CsvSource({"postgresupgrade, my-cluster-upgrade, upgrade.yaml"})
    void sayThatNothingIsDone(String kind, String name, String sample) {
        ApiServer.operator();
        String file = Project.file("deploy/samples/later/" + sample, "use a complete checkout")
                .toString();
        ns.kubectl("apply", "-f", file).orThrow();
        ns.kubectl(
                        "wait",
                        kind + "/" + name,
                        "--for=jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}=NotYetSupported",
                        "--timeout=" + Waiting.SHORT.toSeconds() + "s")
                .orThrow();
        var written = ns.get(kind, name);
        var ready = written.at("/status/conditions/0");
        assertThat(ready.path("status").asText()).isEqualTo("False");
        assertThat(ready.path("message").asText()).containsIgnoringCase(kind).contains("not supported in this release");
        assertThat(ready.path("observedGeneration").asLong()).isEqualTo(1);
        ns.kubectl("delete", kind, name, "--timeout=20s").orThrow();
    }
}

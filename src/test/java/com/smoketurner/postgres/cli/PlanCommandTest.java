package com.smoketurner.postgres.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {

    private static final String CLUSTER = """
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresCluster
            metadata: {name: c}
            """;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String input, String... args) {
        var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new PlanCommand(in, stream(out), stream(err)).run(args);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String error() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void helpTellsHowItIsUsed() {
        assertThat(run("", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("kubectl pgc-plan -f FILE");
    }

    @Test
    void aFileThatIsNotThereIsNamed(@TempDir Path folder) {
        assertThat(run("", "-f", folder.resolve("new.yaml").toString())).isEqualTo(1);
        assertThat(error()).contains("file not found").contains("new.yaml");
    }

    @Test
    void onlyOneClusterCanBeAskedFor() {
        assertThat(run("kind: Pod", "-f", "-")).isEqualTo(1);
        assertThat(error()).contains("- is a Pod, not a PostgresCluster");
        assertThat(run("[]", "-f", "-")).isEqualTo(1);
        assertThat(error()).contains("does not contain a PostgresCluster");
        assertThat(run("kind: PostgresCluster", "-f", "-")).isEqualTo(1);
        assertThat(error()).contains("has no metadata.name");
    }

    @Test
    void aKubeconfigThatIsNotThereIsNamed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("new.yaml"), CLUSTER);
        Path config = folder.resolve("config");
        assertThat(run("", "-f", file.toString(), "--kubeconfig", config.toString()))
                .isEqualTo(1);
        assertThat(error()).contains("cannot read kubeconfig " + config);
    }

    @Test
    void whatWasAppliedBeforeAndIsNotThereNowIsTakenAway() {
        assertThat(DryRun.without(
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"image\":\"a\",\"labels\":{\"x\":\"1\",\"y\":\"2\"}}}",
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"labels\":{\"x\":\"3\"}}}"))
                .isEqualTo(
                        "{\"metadata\":{\"name\":\"c\"},\"spec\":{\"labels\":{\"x\":\"3\",\"y\":null},\"image\":null}}");
    }
}

package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the project offers to copy is accepted as it is. */
@ExtendWith(ApiServer.class)
final class SamplesApiTest {
    static List<Path> samples() throws IOException {
        try (Stream<Path> files = Files.walk(Project.file("deploy/samples", "use a complete checkout"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    @Acceptance({52, 92, 210})
    void samplesAreAcceptedWithoutAWarning(Path sample, Lab lab) {
        var answer =
                lab.kubectl("", List.of("apply", "--dry-run=server", "--validate=strict", "-f", sample.toString()));
        assertThat(answer.ok()).as(answer.all()).isTrue();
        assertThat(answer.err()).isEmpty();
    }

    /** The other ways to write things that the specification accepts. */
    @Test
    @Acceptance(93)
    void otherFormsAreAccepted(Namespace namespace) {
        var answer = namespace.kubectlReading(
                WrongSpec.resource("/api/accepted.yaml"), "apply", "--dry-run=server", "--validate=strict", "-f", "-");
        assertThat(answer.ok()).as(answer.all()).isTrue();
        assertThat(answer.err()).isEmpty();
    }
}

package com.smoketurner.postgres.build;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The committed CRDs are those of the model: a change of the API is visible in review. */
final class CrdDriftTest {
    @Test
    @Acceptance(7)
    void committedCrdsAreThoseOfTheModel() throws IOException {
        Crds.GENERATED.forEach((file, crd) -> Committed.check("deploy/crds/" + file, Crds.yaml(crd)));
        try (Stream<Path> files = Files.list(Project.file("deploy/crds", "run make generate"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Crds.GENERATED.keySet());
        }
    }

    @Test
    void committedReferenceIsThatOfTheModel() {
        Committed.check("docs/reference.md", Reference.of(Crds.GENERATED.values()));
    }
}

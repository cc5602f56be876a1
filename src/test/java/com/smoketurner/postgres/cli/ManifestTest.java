package com.smoketurner.postgres.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Which object of a file is planned. */
class ManifestTest {

    private static final String CLUSTER = """
            kind: PostgresCluster
            metadata: {name: c, namespace: team}
            """;

    private static final String SECRET = """
            kind: Secret
            metadata: {name: s}
            stringData: {text: "a --- b"}
            """;

    private static Manifest of(String text) {
        return Manifest.of(text, "new.yaml");
    }

    @Test
    void otherObjectsBesideTheClusterAreLeftOut() {
        for (String text : new String[] {
            SECRET + "---\n" + CLUSTER,
            "---\n" + CLUSTER + "--- # a comment\n" + SECRET + "---\n",
            "# only a comment\n---\n" + CLUSTER,
            "{\"kind\":\"List\",\"items\":[{\"kind\":\"PostgresCluster\",\"metadata\":{\"name\":\"c\",\"namespace\":\"team\"}}]}"
        }) {
            assertThat(of(text).name()).as(text).isEqualTo("c");
            assertThat(of(text).namespaceOr(null, null)).isEqualTo("team");
            assertThat(of(text).json()).contains("PostgresCluster").doesNotContain("Secret");
        }
    }

    @Test
    void severalClustersAreCounted() {
        assertThatThrownBy(() -> of(CLUSTER + "---\n" + CLUSTER))
                .isInstanceOf(PlanCommand.Failure.class)
                .hasMessage("new.yaml contains 2 PostgresClusters; put the one to plan into a file of its own");
    }

    @Test
    void whatIsNoClusterIsNamed() {
        assertThatThrownBy(() -> of(SECRET)).hasMessage("new.yaml is a Secret, not a PostgresCluster");
        for (String text : new String[] {"", "[]", "text", SECRET + "---\n" + SECRET}) {
            assertThatThrownBy(() -> of(text)).hasMessage("new.yaml does not contain a PostgresCluster");
        }
        assertThatThrownBy(() -> of("kind: [")).hasMessageStartingWith("new.yaml is not valid YAML: ");
    }
}

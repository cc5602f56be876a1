package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.ApiServer;
import com.smoketurner.postgres.testing.Json;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import com.smoketurner.postgres.testing.Project;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What kubectl knows about the three kinds once the CRDs are there. */
@ExtendWith(ApiServer.class)
class CrdApiTest {
    private static final Manifest DATABASE = Manifest.of("""
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresDatabase
            metadata: {name: app}
            spec:
              clusterRef: {name: db}
              database: {name: app, owner: app_owner}
            """);
    private static final Manifest UPGRADE = Manifest.of("""
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresUpgrade
            metadata: {name: up}
            spec:
              sourceCluster: {name: db}
              targetVersion: "17"
            """);

    private final Namespace ns;

    CrdApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeEach
    void oneOfEachKind() {
        for (Manifest manifest : List.of(Manifest.cluster("db"), DATABASE, UPGRADE)) {
            ns.apply(manifest.text());
        }
    }

    @Test
    @Acceptance(2)
    void shortNames() {
        assertThat(ns.kubectl("get", "pgc", "-o", "name").orThrow())
                .contains("postgrescluster." + Project.GROUP + "/db");
        assertThat(ns.kubectl("get", "pgdb", "-o", "name").orThrow())
                .contains("postgresdatabase." + Project.GROUP + "/app");
        for (String name : List.of("pgu", "pgup", "pgupgrade")) {
            assertThat(ns.kubectl("get", name, "-o", "name").orThrow())
                    .contains("postgresupgrade." + Project.GROUP + "/up");
        }
    }

    @Test
    @Acceptance({3, 4})
    void columns() {
        assertThat(header("pgc")).containsExactly("NAME", "VERSION", "REPLICAS", "PHASE", "READY", "AGE");
        assertThat(header("pgc", "-o", "wide"))
                .containsExactly(
                        "NAME", "VERSION", "REPLICAS", "PHASE", "READY", "AGE", "PRIMARY", "SUCCESSOR", "LAGGING");
        assertThat(header("pgdb")).containsExactly("NAME", "CLUSTER", "DATABASE", "OWNER", "PHASE", "AGE");
        assertThat(header("pgu")).containsExactly("NAME", "SOURCE", "TARGETVER", "PHASE", "LAG", "AGE");
        assertThat(header("pgu", "-o", "wide"))
                .containsExactly("NAME", "SOURCE", "TARGETVER", "PHASE", "LAG", "AGE", "TARGET");
    }

    private List<String> header(String type, String... more) {
        String[] args = Stream.concat(Stream.of("get", type), Stream.of(more)).toArray(String[]::new);
        String first = ns.kubectl(args).orThrow().lines().findFirst().orElse("");
        return List.of(first.strip().split("\\s+", -1));
    }

    @Test
    @Acceptance(5)
    void categories() {
        for (String category : List.of("databases", "postgresql", "all")) {
            assertThat(ns.kubectl("get", category, "-o", "name").orThrow())
                    .contains(
                            "postgrescluster." + Project.GROUP + "/db",
                            "postgresdatabase." + Project.GROUP + "/app",
                            "postgresupgrade." + Project.GROUP + "/up");
        }
    }

    @Test
    void everyFieldIsExplained() {
        for (String type : List.of("pgc", "pgdb", "pgu")) {
            String out = ns.kubectl("explain", type, "--recursive").orThrow();
            assertThat(out).contains("spec", "status", "conditions");
            assertThat(ns.kubectl("explain", type + ".spec").orThrow()).doesNotContain("<no description>");
            assertThat(ns.kubectl("explain", type + ".status").orThrow()).doesNotContain("<no description>");
        }
    }

    @Test
    @Acceptance(8)
    void noStatusFieldIsPruned() throws IOException {
        survives("PostgresCluster", "db", "cluster-status.json");
        survives("PostgresDatabase", "app", "database-status.json");
        survives("PostgresUpgrade", "up", "upgrade-status.json");
    }

    /** Writes a status with every field of the contract and reads it back. */
    private void survives(String kind, String name, String file) throws IOException {
        JsonNode full;
        try (InputStream in =
                Objects.requireNonNull(CrdApiTest.class.getResourceAsStream("/apiserver/" + file), file)) {
            full = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        var resource = ns.client()
                .genericKubernetesResources(Project.GROUP + "/v1alpha1", kind)
                .inNamespace(ns.name())
                .withName(name);
        GenericKubernetesResource written = resource.subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":" + full + "}");
        assertThat(Json.tree(written).path("status")).isEqualTo(full);
    }
}

package com.smoketurner.postgres.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the kinds look to somebody with kubectl, and that the API server keeps what is written. */
@ExtendWith(ApiServer.class)
final class CrdApiTest {
    static final String DATABASE = """
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresDatabase
            metadata: {name: shown}
            spec:
              clusterRef: {name: shown}
              database: {name: myapp, owner: myapp_owner}
            """;

    static final String UPGRADE = """
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresUpgrade
            metadata: {name: shown}
            spec:
              sourceCluster: {name: shown}
              targetVersion: "17"
            """;

    @BeforeAll
    static void oneOfEach(Namespace namespace) {
        namespace.apply(Manifest.cluster("shown"));
        namespace.apply(DATABASE);
        namespace.apply(UPGRADE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgc", "pgdb", "pgu", "pgup", "pgupgrade"})
    @Acceptance(2)
    void shortNamesAreKnown(String name, Namespace namespace) {
        assertThat(namespace.kubectl("get", name, "-o", "name").orThrow()).contains("/shown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"databases", "postgresql", "all"})
    @Acceptance(5)
    void categoriesListAllKinds(String category, Namespace namespace) {
        assertThat(namespace.kubectl("get", category, "-o", "name").orThrow())
                .contains(
                        "postgrescluster.postgres-operator.smoketurner.com/shown",
                        "postgresdatabase.postgres-operator.smoketurner.com/shown",
                        "postgresupgrade.postgres-operator.smoketurner.com/shown");
    }

    @ParameterizedTest
    @CsvSource({
        "pgc, NAME VERSION REPLICAS PHASE READY AGE, PRIMARY SUCCESSOR LAGGING",
        "pgdb, NAME CLUSTER DATABASE OWNER PHASE AGE, SECRET",
        "pgu, NAME SOURCE TARGETVER PHASE LAG AGE, TARGET"
    })
    @Acceptance({3, 4})
    void columnsAreThoseOfTheContract(String kind, String columns, String wide, Namespace namespace) {
        assertThat(header(namespace.kubectl("get", kind).orThrow())).isEqualTo(columns);
        assertThat(header(namespace.kubectl("get", kind, "-o", "wide").orThrow()))
                .isEqualTo((columns + " " + wide).strip());
    }

    private static String header(String table) {
        return table.lines().findFirst().orElse("").strip().replaceAll(" +", " ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pgc.spec.storage.size",
                "pgc.status.resize_status.allocated_cpu",
                "pgdb.spec.roles.privileges",
                "pgu.spec.strategy"
            })
    void fieldsExplainThemselves(String field, Namespace namespace) {
        assertThat(namespace.kubectl("explain", field).orThrow())
                .contains("DESCRIPTION:")
                .doesNotContain("<empty>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgc.spec", "pgc.status", "pgdb.spec", "pgdb.status", "pgu.spec", "pgu.status"})
    void noFieldIsWithoutADescription(String part, Namespace namespace) {
        assertThat(namespace.kubectl("explain", part).orThrow()).doesNotContain("<no description>");
    }

    @Test
    void scaleSubresourceIsThere(Namespace namespace) {
        namespace.apply(Manifest.cluster("scaled"));
        namespace.kubectl("scale", "pgc", "scaled", "--replicas=4").orThrow();
        assertThat(namespace.get("pgc", "scaled").at("/spec/replicas").asInt()).isEqualTo(4);
        var beyond = namespace.kubectl("scale", "pgc", "scaled", "--replicas=101");
        assertThat(beyond.all()).contains("replicas cannot exceed 100");
    }

    @Test
    void defaultsAreFilledIn(Namespace namespace) {
        var spec = namespace.get("pgc", "shown").path("spec");
        assertThat(spec.path("replicas").asInt()).isEqualTo(1);
        assertThat(spec.at("/tls/enabled").asBoolean()).isTrue();
        assertThat(spec.at("/tls/duration").asText()).isEqualTo("2160h");
        assertThat(spec.at("/tls/issuerRef/group").asText()).isEqualTo("cert-manager.io");
        assertThat(spec.at("/storage/whenDeleted").asText()).isEqualTo("Retain");
        assertThat(spec.has("pgbouncer")).isFalse();
    }

    @Test
    @Acceptance(8)
    void noComponentOfStatusIsPruned(Namespace namespace) {
        namespace.apply(Manifest.cluster("status"));
        namespace.apply(Manifest.of(DATABASE).with("status", "metadata", "name").text());
        namespace.apply(Manifest.of(UPGRADE).with("status", "metadata", "name").text());
        kept(namespace, new PostgresCluster(), Filled.of(PostgresClusterStatus.class));
        kept(namespace, new PostgresDatabase(), Filled.of(PostgresDatabaseStatus.class));
        kept(namespace, new PostgresUpgrade(), Filled.of(PostgresUpgradeStatus.class));
    }

    private static <S> void kept(Namespace namespace, CustomResource<?, S> object, S status) {
        object.setMetadata(new ObjectMetaBuilder()
                .withName("status")
                .withNamespace(namespace.name())
                .build());
        object.setStatus(status);
        var apply = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("test")
                .withForce(true)
                .build();
        var written = namespace.client().resource(object).subresource("status").patch(apply);
        assertThat(written.getStatus()).isEqualTo(status);
        var read = namespace.client().resource(object).get();
        assertThat(read.getStatus()).isEqualTo(status);
    }

    /** The status of a cluster is written by one manager at a time, but its conditions merge by type. */
    @Test
    void conditionsAreUniqueByType(Namespace namespace) {
        var twice = List.of(
                new Condition("Ready", "True", "A", "", "2024-01-15T10:30:00Z", null),
                new Condition("Ready", "False", "B", "", "2024-01-15T10:30:00Z", null));
        var answer = namespace.kubectl(
                "patch",
                "pgdb",
                "shown",
                "--subresource=status",
                "--type=merge",
                "-p",
                io.fabric8.kubernetes.client.utils.Serialization.asJson(java.util.Map.of(
                        "status",
                        PostgresDatabaseStatus.builder().conditions(twice).build())));
        assertThat(answer.all()).contains("Duplicate value");
    }
}

package com.smoketurner.postgres.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.smoketurner.postgres.testing.ApiServer;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Manifest;
import com.smoketurner.postgres.testing.Namespace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Wrong databases and upgrades are refused by their schemas, already before the operator acts on them. */
@ExtendWith(ApiServer.class)
class BadInputOtherKindsApiTest {
    private static final Manifest DATABASE = Manifest.of("""
            apiVersion: postgres-operator.smoketurner.com/v1alpha1
            kind: PostgresDatabase
            metadata: {name: app}
            spec:
              clusterRef: {name: db}
              database: {name: app, owner: app_owner}
              roles:
                - {name: app_owner, privileges: [LOGIN]}
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

    BadInputOtherKindsApiTest(Namespace ns) {
        this.ns = ns;
    }

    private void refused(Manifest manifest, String... said) {
        var result = ns.tryApply(manifest);
        assertThat(result.ok()).as("accepted: %s", manifest).isFalse();
        assertThat(result.err()).as("%s", manifest).contains(said);
    }

    @Test
    @BadInput({57, 58, 59})
    void databaseAndRoleNames() {
        for (String reserved : List.of("postgres", "template0", "template1")) {
            refused(
                    DATABASE.with(reserved, "spec", "database", "name"),
                    "database name cannot be a reserved PostgreSQL database (postgres, template0, template1)");
        }
        for (String name : List.of("my-app", "my app", "my\"app", "App", "x".repeat(64))) {
            refused(DATABASE.with(name, "spec", "database", "name"), "spec.database.name");
            refused(DATABASE.spec("roles", List.of(Map.of("name", name))), "spec.roles[0].name");
        }
        for (String reserved : List.of("pg_monitor", "postgres")) {
            refused(DATABASE.spec("roles", List.of(Map.of("name", reserved))), "reserved");
        }
    }

    @Test
    @BadInput(60)
    void privileges() {
        refused(
                DATABASE.spec("roles", List.of(Map.of("name", "app_owner", "privileges", List.of("ROOT")))),
                "spec.roles[0].privileges[0]",
                "CREATEDB");
        refused(
                DATABASE.spec(
                        "grants",
                        List.of(Map.of("role", "app_owner", "privileges", List.of("EXECUTE"), "onTables", "ALL"))),
                "spec.grants[0].privileges[0]",
                "SELECT");
    }

    @Test
    @BadInput(61)
    void referenceAndNameStay() {
        ns.apply(DATABASE.text());
        refused(DATABASE.with("other", "spec", "clusterRef", "name"), "clusterRef is immutable");
        refused(DATABASE.with("other", "spec", "database", "name"), "database.name is immutable");
    }

    @Test
    @BadInput({70, 72})
    void upgrades() {
        ns.apply(UPGRADE.text());
        refused(UPGRADE.with("other", "spec", "sourceCluster", "name"), "Source cluster reference cannot be changed");
        refused(UPGRADE.spec("targetVersion", "18"), "Target version cannot be changed");
        refused(
                UPGRADE.with("second", "metadata", "name")
                        .with(-1, "spec", "strategy", "preChecks", "maxReplicationLagSeconds"),
                "maxReplicationLagSeconds must be non-negative");
        refused(
                UPGRADE.with("second", "metadata", "name")
                        .with(0, "spec", "strategy", "preChecks", "minVerificationPasses"),
                "minVerificationPasses must be at least 1");
    }
}

package com.smoketurner.postgres.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.smoketurner.postgres.testing.Acceptance;
import com.smoketurner.postgres.testing.BadInput;
import com.smoketurner.postgres.testing.Project;
import com.smoketurner.postgres.testing.Waiting;
import com.smoketurner.postgres.testing.junit.ApiServer;
import com.smoketurner.postgres.testing.lab.Lab;
import com.smoketurner.postgres.testing.user.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The shipped ValidatingAdmissionPolicies on a real API server. Most of what they refuse the CRD refuses too, and first;
 * so they are tried on copies of the CRDs, under other names, that have lost their rules.
 */
@ExtendWith(ApiServer.class)
class PolicyApiTest {
    private static final Map<String, String> RENAMED = Map.of(
            "postgres-operator.smoketurner.com", "bare.smoketurner.com",
            "postgres-operator-", "bare-",
            "postgrescluster", "barecluster",
            "PostgresCluster", "BareCluster",
            "postgresdatabase", "baredatabase",
            "PostgresDatabase", "BareDatabase",
            "postgresupgrade", "bareupgrade",
            "PostgresUpgrade", "BareUpgrade");

    private static final String SPEC = "version: \"16\", storage: {size: 10Gi, storageClass: fast}";
    private static final String SAFE = SPEC
            + ", replicas: 3, resources: {limits: {cpu: 1, memory: 1Gi}}"
            + ", backup: {schedule: \"@daily\", destination: {type: S3}, encryption: {keySecret: key}}";

    private final Namespace ns;

    PolicyApiTest(Namespace ns) {
        this.ns = ns;
    }

    @BeforeAll
    static void install(Lab lab, Namespace namespace) throws IOException {
        StringBuilder objects = new StringBuilder();
        var yaml = new ObjectMapper(new YAMLFactory());
        try (var documents = yaml.readerFor(ObjectNode.class)
                .<ObjectNode>readValues(Files.readString(Project.file("deploy/install.yaml", "run make generate")))) {
            while (documents.hasNext()) {
                ObjectNode object = documents.next();
                String kind = object.path("kind").asText();
                if (kind.equals("CustomResourceDefinition")) {
                    loseRules(object);
                    ((ObjectNode) object.at("/spec/names")).remove(List.of("shortNames", "categories"));
                    objects.append(object).append("\n---\n");
                } else if (kind.startsWith("ValidatingAdmissionPolicy")) {
                    objects.append(object).append("\n---\n");
                }
            }
        }
        String renamed = objects.toString();
        for (var name : RENAMED.entrySet()) {
            renamed = renamed.replace(name.getKey(), name.getValue());
        }
        lab.kubectl(renamed, List.of("apply", "--server-side", "-f", "-")).orThrow();
        awaitEnforcement(namespace);
    }

    /** Policies come into force a moment after they are written. */
    private static void awaitEnforcement(Namespace namespace) {
        String refused = manifest("bareclusters", "probe", SPEC + ", tls: {}");
        Waiting.until(
                "the policy on clusters is in force",
                Waiting.SHORT,
                () -> namespace
                        .kubectlReading(refused, "create", "--dry-run=server", "-f", "-")
                        .err(),
                error -> error.contains("[TLSIssuerRequired]"));
        String upgrade = manifest("bareupgrades", "probe", "sourceCluster: {name: a}, targetVersion: \"17\"");
        Waiting.until(
                "the upgrade is there",
                Waiting.SHORT,
                () -> namespace.kubectlReading(upgrade, "apply", "-f", "-"),
                result -> result.ok());
        Waiting.until(
                "the policy on upgrades is in force",
                Waiting.SHORT,
                () -> namespace
                        .kubectlReading(upgrade.replace("17", "18"), "apply", "--dry-run=server", "-f", "-")
                        .err(),
                error -> error.contains("[TargetVersionImmutable]"));
    }

    private static void loseRules(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("x-kubernetes-validations");
        }
        node.forEach(PolicyApiTest::loseRules);
    }

    private static String manifest(String plural, String name, String spec) {
        String kind = Map.of(
                        "bareclusters", "BareCluster",
                        "bareupgrades", "BareUpgrade",
                        "baredatabases", "BareDatabase")
                .getOrDefault(plural, plural);
        return "apiVersion: bare.smoketurner.com/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: {%s}\n"
                .formatted(kind, name, spec);
    }

    private static String cluster(String spec) {
        return manifest("bareclusters", "db", spec);
    }

    private void refused(String manifest, String message) {
        refused(ns, manifest, message);
    }

    private static void refused(Namespace ns, String manifest, String message) {
        var result = ns.kubectlReading(manifest, "apply", "-f", "-");
        assertThat(result.ok()).as("accepted: %s", manifest).isFalse();
        assertThat(result.err()).as("%s", manifest).contains(message);
    }

    private void accepted(String manifest) {
        ns.kubectlReading(manifest, "apply", "-f", "-").orThrow();
    }

    /** A cluster that exists, fresh for each test. */
    private void given(String spec) {
        ns.kubectl("delete", "bareclusters", "--all").orThrow();
        accepted(cluster(spec));
    }

    private void status(String status) {
        ns.kubectl("patch", "barecluster", "db", "--subresource=status", "--type=merge", "-p", status)
                .orThrow();
    }

    @Test
    @Acceptance(204)
    @BadInput({9, 14, 15})
    void tlsNeedsAnIssuerAndBackupsAKey() {
        String tls = "[TLSIssuerRequired] TLS is enabled but no issuer reference is configured. "
                + "Set spec.tls.issuerRef or spec.tls.enabled: false";
        refused(cluster(SPEC + ", tls: {}"), tls);
        refused(cluster(SPEC + ", tls: {enabled: true}"), tls);
        refused(
                cluster(SPEC + ", backup: {}"),
                "[BackupEncryptionRequired] backup encryption is required when backups are configured");
        refused(
                cluster(SPEC + ", backup: {encryption: {keySecret: \"\"}}"),
                "[BackupEncryptionRequired] Backup encryption is required");
        ns.kubectl("delete", "bareclusters", "--all").orThrow();
        accepted(cluster(SPEC + ", tls: {enabled: false}"));
    }

    @Test
    @Acceptance(204)
    @BadInput({6, 7, 8})
    void storageAndVersionOnlyGoForward() {
        given(SPEC);
        refused(
                cluster(SPEC.replace("10Gi", "9Gi")),
                "[StorageShrinkNotAllowed] storage.size cannot be decreased: it is 10Gi, requested: 9Gi");
        refused(
                cluster(SPEC.replace("fast", "slow")),
                "[StorageClassImmutable] Storage class cannot be changed after creation: it is fast");
        refused(cluster(SPEC.replace(", storageClass: fast", "")), "[StorageClassImmutable]");
        refused(
                cluster(SPEC.replace("16", "15")),
                "[VersionDowngradeNotAllowed] PostgreSQL version downgrades are not allowed. "
                        + "Current version: 16, requested: 15");
        accepted(cluster(SPEC.replace("10Gi", "10240Mi")));
        accepted(cluster(SPEC.replace("10Gi", "11Gi").replace("16", "17")));
        status("{\"status\":{\"currentVersion\":\"16\"}}");
        accepted(cluster(SPEC.replace("10Gi", "11Gi")));
    }

    @Test
    @Acceptance(204)
    @BadInput(36)
    void reservedParameters() {
        refused(
                cluster(SPEC + ", postgresqlParams: {port: \"1\", work_mem: 1MB}"),
                "[ReservedParameter] parameter port is managed by the operator and cannot be set");
        refused(
                cluster(SPEC + ", postgresqlParams: {Archive_Command: x}"),
                "[ReservedParameter] parameter Archive_Command is managed by the operator and cannot be set");
        refused(
                cluster(SPEC + ", postgresqlParams: {recovery_target_time: x}"),
                "parameter recovery_target_time is managed by the operator and cannot be set");
        refused(
                cluster(SPEC + ", postgresqlParams: {wal_level: minimal}"),
                "[ReservedParameter] parameter wal_level can only be logical or replica");
        given(SPEC + ", postgresqlParams: {wal_level: replica, max_connections: \"200\"}");
    }

    @Test
    @BadInput(37)
    void valuesThatNoConfigurationFileHolds() {
        refused(
                cluster(SPEC + ", postgresqlParams: {work_mem: \"64MB\\n\", search_path: x}"),
                "[InvalidParameter] parameter work_mem: the value contains a line break or another control character");
        for (String value : List.of("a\\rb", "a\\u0007", "\\u007f", "a\\u0085b", "\\u2028")) {
            refused(
                    cluster(SPEC + ", postgresqlParams: {log_line_prefix: \"%s\"}".formatted(value)),
                    "[InvalidParameter]");
        }
        accepted(cluster(
                SPEC + ", postgresqlParams: {log_line_prefix: \"it's\\t\\\\ \\\"x\\\" é 漢 😀\", search_path: \"\"}"));
    }

    @Test
    @Acceptance({204, 205})
    @BadInput({55, 56})
    void anUpgradeAndItsEndLockTheSpecAndNothingElse() {
        given(SPEC);
        String changed = cluster(SPEC + ", labels: {team: a}");
        ns.kubectl("annotate", "barecluster", "db", "bare.smoketurner.com/upgrade-in-progress=to-17")
                .orThrow();
        refused(changed, "[UpgradeInProgress] the spec cannot be changed while");
        refused(changed, "to-17");
        ns.kubectl("annotate", "barecluster", "db", "note=allowed").orThrow();
        ns.kubectl("patch", "barecluster", "db", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":[\"a.b/c\"]}}")
                .orThrow();
        ns.kubectl("delete", "barecluster", "db", "--wait=false").orThrow();
        ns.kubectl("patch", "barecluster", "db", "--type=merge", "-p", "{\"metadata\":{\"finalizers\":null}}")
                .orThrow();

        given(SPEC);
        status("{\"status\":{\"phase\":\"Superseded\",\"successor\":{\"name\":\"db-17\",\"namespace\":\"x\"}}}");
        refused(changed, "[ClusterSuperseded] this cluster was replaced by an upgrade; change db-17 instead");
        status("{\"status\":{\"phase\":\"Recovering\"}}");
        accepted(changed);
    }

    @Test
    @Acceptance({204, 206})
    @BadInput(52)
    void productionNamespacesAreStricter(Lab lab, KubernetesClient client) {
        var production = Namespace.create(lab, client, "Production", Map.of("env", "production"));
        try {
            refused(
                    production,
                    cluster(SAFE.replace("replicas: 3", "replicas: 2")),
                    "[ProductionHARequired] namespace " + production.name()
                            + " is labelled env=production: spec.replicas must be at least 3, not 2");
            refused(
                    production,
                    cluster(SAFE + ", scaling: {enabled: true, minReplicas: 2}"),
                    "[ProductionHARequired] namespace " + production.name()
                            + " is labelled env=production: spec.scaling.minReplicas must be at least 3, not 2");
            refused(
                    production,
                    cluster(SPEC + ", replicas: 3, resources: {limits: {cpu: 1, memory: 1Gi}}"),
                    "[ProductionBackupRequired]");
            refused(production, cluster(SAFE.replace("cpu: 1, ", "")), "[ProductionResourceLimitsRequired]");
            refused(
                    production,
                    cluster(SAFE + ", networkPolicy: {allowExternalAccess: true}"),
                    "[ProductionExternalAccessNotAllowed]");
            for (String all : List.of("0.0.0.0/0", "::/0")) {
                refused(
                        production,
                        cluster(SAFE + ", networkPolicy: {allowExternalCidrs: [\"" + all + "\"]}"),
                        "[ProductionExternalAccessNotAllowed]");
            }
            production
                    .kubectlReading(
                            cluster(SAFE + ", networkPolicy: {allowExternalCidrs: [10.0.0.0/8]}"), "apply", "-f", "-")
                    .orThrow();
        } finally {
            production.delete();
        }
        ns.kubectl("delete", "bareclusters", "--all").orThrow();
        accepted(cluster(SAFE.replace("replicas: 3", "replicas: 2")));
    }

    @Test
    @BadInput({61, 70})
    void whatIdentifiesAnUpgradeOrDatabaseStays() {
        String upgrade = "sourceCluster: {name: a}, targetVersion: \"17\"";
        accepted(manifest("bareupgrades", "up", upgrade));
        refused(
                manifest("bareupgrades", "up", upgrade.replace("name: a", "name: b")),
                "[SourceClusterImmutable] Source cluster reference cannot be changed: it is a");
        refused(
                manifest("bareupgrades", "up", upgrade.replace("17", "18")),
                "[TargetVersionImmutable] Target version cannot be changed: it is 17");
        accepted(manifest("bareupgrades", "up", upgrade.replace("name: a", "name: a, namespace: " + ns.name())));

        String database = "clusterRef: {name: a}, database: {name: app, owner: app}";
        accepted(manifest("baredatabases", "app", database));
        refused(
                manifest("baredatabases", "app", database.replace("name: a}", "name: b}")),
                "[ClusterRefImmutable] clusterRef is immutable");
        refused(
                manifest("baredatabases", "app", database.replace("name: app,", "name: other,")),
                "[DatabaseNameImmutable] database.name is immutable");
    }
}
